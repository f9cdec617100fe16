import { useEffect, useState } from 'preact/hooks';
import { headersFor, session } from '../api/session';
import type { Alarms as Answer } from '../api/types/node';

const looksEvery = 3000;

const what: { [resource: string]: string } = {
    memory: 'Publishers are blocked: the broker is above its memory limit. Consume what is in the queues, or raise vm_memory_high_watermark.',
    disk: 'Publishers are blocked: little is left of the disk. Make room on it, or lower disk_free_limit.',
};

/** What blocks publishers, before all else. */
export function Alarms() {
    const [answer, setAnswer] = useState<Answer | null>(null);
    useEffect(() => {
        const end = new AbortController();
        const look = async () => {
            if (document.hidden || !session.value) return;
            try {
                // An alarm is told by the status 503, so this is no list to follow.
                const response = await fetch('/api/health/checks/alarms', {
                    headers: headersFor(session.value.credentials),
                    signal: end.signal,
                });
                if (response.status === 200 || response.status === 503) setAnswer((await response.json()) as Answer);
            } catch {
                // The figures beside it tell that the broker does not answer.
            }
        };
        void look();
        const timer = setInterval(() => void look(), looksEvery);
        return () => {
            clearInterval(timer);
            end.abort();
        };
    }, []);
    if (!answer?.alarms?.length) return null;
    return (
        <div class="problem" role="alert">
            {answer.alarms.map(({ node, resource, reason }) => (
                <p key={`${node} ${resource}`}>
                    <strong>Alarm: {resource}</strong> on {node}
                    {reason ? `: ${reason}` : ''}
                    <br />
                    {what[resource] ?? 'Publishers are blocked.'}
                </p>
            ))}
        </div>
    );
}
