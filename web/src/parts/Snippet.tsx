import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/request';
import type { Overview } from '../api/types/node';
import { vhostOfLists } from '../api/vhosts';
import { saved } from './saved';
import { quoted, snippets, type Purpose } from './snippets';

const language = saved('language', 'Python');
const usualPort = 5672;

/** A first program in the reader's language, with the address of this broker. */
export function Snippet({
    purpose = 'publish',
    queue = 'hello',
    vhost = vhostOfLists.value || '/',
}: {
    purpose?: Purpose;
    queue?: string;
    vhost?: string;
}) {
    const port = usePort();
    const path = vhost === '/' ? '' : `/${encodeURIComponent(vhost)}`;
    const write = (snippets[language.value] ?? snippets['Python'])?.[purpose];
    const text = write?.(`amqp://USER:PASSWORD@${location.hostname}:${port}${path}`, vhost).replaceAll(
        /(['"])hello\1/g,
        (_, mark: string) => quoted(queue, mark),
    );
    return (
        <div class="snippet">
            <div class="tabs" role="group" aria-label="Language">
                {Object.keys(snippets).map((name) => (
                    <button
                        type="button"
                        key={name}
                        aria-pressed={language.value === name}
                        onClick={() => (language.value = name)}
                    >
                        {name}
                    </button>
                ))}
            </div>
            <pre tabIndex={0} aria-label={`In ${language.value}`}>
                <code>{text}</code>
            </pre>
        </div>
    );
}

/** Where AMQP is spoken; who may not see the listeners is told the usual one. */
function usePort(): number {
    const [port, setPort] = useState(usualPort);
    useEffect(() => {
        get<Partial<Overview>>('/api/overview?columns=listeners').then(
            ({ listeners = [] }) =>
                setPort(listeners.find((l) => l.protocol === 'amqp' && l.port > 0)?.port ?? usualPort),
            () => undefined,
        );
    }, []);
    return port;
}
