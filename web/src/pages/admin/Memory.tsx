import { useLive } from '../../api/live';
import { path, send } from '../../api/request';
import { may } from '../../api/session';
import type { Overview } from '../../api/types/node';
import { bytes } from '../../api/units';
import { Action } from '../../parts/Action';
import { Section, Tiles } from '../../parts/Facts';
import { Problem, Waiting } from '../../parts/Problem';

interface Answer {
    memory: { [line: string]: number | string | { rss: number } };
}

/** Where the memory of the process is. */
export function Memory() {
    const node = useLive<Pick<Overview, 'node'>>('/api/overview?columns=node').data?.node;
    const { data, error } = useLive<Answer>(node === undefined ? null : path('nodes', node, 'memory'), 5000);
    if (!data) return error ? <Problem error={error} /> : <Waiting />;
    const total = data.memory['total'];
    const resident = typeof total === 'object' ? total.rss : 0;
    const lines = Object.entries(data.memory)
        .filter((line): line is [string, number] => typeof line[1] === 'number')
        .sort((a, b) => b[1] - a[1]);
    const largest = Math.max(1, ...lines.map(([, size]) => size));
    return (
        <>
            <header class="title">
                <h1>
                    <small>Node {node}</small>Memory
                </h1>
                {may.administer.value && (
                    <span class="actions">
                        <Action
                            label="Give back…"
                            title="Give memory back to the system?"
                            done="What could be given back is"
                            explain={
                                <p>
                                    The broker collects its garbage: messages stop for some milliseconds. It does so by
                                    itself when it has been quiet.
                                </p>
                            }
                            run={() => send('POST', '/api/nodes/gc_collect')}
                        />
                    </span>
                )}
            </header>
            {error && <Problem error={error} />}
            <Tiles of={[['Resident', bytes(resident), 'of the process, as the system sees it']]} />
            <Section title="What it is for">
                <table class="plain bars">
                    <tbody>
                        {lines.map(([name, size]) => (
                            <tr key={name}>
                                <th scope="row">{name.replaceAll('_', ' ')}</th>
                                <td>
                                    {size > 0 && <span class="bar" style={{ width: `${(size / largest) * 100}%` }} />}
                                </td>
                                <td class="number">{bytes(size)}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </Section>
        </>
    );
}
