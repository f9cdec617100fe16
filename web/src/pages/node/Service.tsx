import type { ComponentChildren } from 'preact';
import { useLive } from '../../api/live';
import { send } from '../../api/request';
import { may } from '../../api/session';
import { count } from '../../api/units';
import { Action } from '../../parts/Action';
import { Badge } from '../../parts/Badge';
import { Ago } from '../../parts/Time';

interface Drain {
    state: 'in_service' | 'draining' | 'drained';
    since?: string;
    deadline?: string;
    connections: number;
    messages_unacknowledged: number;
    messages_unconfirmed: number;
}

/** Whether the node takes clients, and taking it out of service and back. */
export function Service({ isSuspended, children }: { isSuspended: boolean; children: ComponentChildren }) {
    const { data } = useLive<Drain>('/api/drain', 2000);
    if (!data) return null;
    return (
        <>
            {isSuspended && (
                <Badge tone="warning" title="No new client is let in">
                    listeners suspended
                </Badge>
            )}
            {data.state === 'in_service' ? (
                !isSuspended && <Badge tone="good">in service</Badge>
            ) : (
                <>
                    <Badge tone="warning">{data.state}</Badge>
                    <span class="quiet">
                        {data.since && (
                            <>
                                since <Ago at={data.since} />
                                {', '}
                            </>
                        )}
                        {count(data.connections)} connections, {count(data.messages_unacknowledged)} unacknowledged,{' '}
                        {count(data.messages_unconfirmed)} unconfirmed left
                    </span>
                </>
            )}
            <span class="actions">
                {may.administer.value &&
                    (data.state === 'in_service' ? (
                        <Action
                            label="Drain…"
                            title="Take this node out of service?"
                            danger
                            done="The node is being drained"
                            explain={
                                <p>
                                    No client may connect any more, consumers are cancelled, and what is under way may
                                    finish; then connections are closed with 320. Messages stay. Revive takes it back.
                                </p>
                            }
                            fields={[
                                {
                                    name: 'seconds',
                                    label: 'Wait at most, in seconds',
                                    kind: 'number',
                                    min: 0,
                                    max: 86_400,
                                    hint: 'Empty: as drain_timeout says',
                                },
                            ]}
                            run={({ seconds }) =>
                                send('POST', `/api/drain${seconds ? `?timeout=${Number(seconds) * 1000}` : ''}`)
                            }
                        />
                    ) : (
                        <Action
                            label="Revive"
                            primary
                            run={() => send('POST', '/api/revive')}
                            done="The node takes clients again"
                        />
                    ))}
                {children}
            </span>
        </>
    );
}
