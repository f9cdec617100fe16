import { useState } from 'preact/hooks';
import { get, send } from '../../api/request';
import type { Message } from '../../api/types/topology';
import { bytes, count } from '../../api/units';
import { Action } from '../../parts/Action';
import { Badge } from '../../parts/Badge';
import { Section } from '../../parts/Facts';
import { Problem } from '../../parts/Problem';
import { oneLine } from '../../parts/ValueTree';

/** What is in the queue: looked at by position, or got. */
export function Messages({ at, ready }: { at: string; ready: number }) {
    const [messages, setMessages] = useState<Message[] | null>(null);
    const [error, setError] = useState<Error | null>(null);
    const [position, setPosition] = useState(0);
    // Not got: what was looked at has a place.
    const [hasPlace, setHasPlace] = useState(false);
    const few = 10;
    const look = (from: number) => {
        setPosition(from);
        setError(null);
        get<Message[]>(`${at}/messages?position=${from}&count=${few}&truncate=5000`).then((found) => {
            setHasPlace(true);
            setMessages(found);
        }, setError);
    };
    return (
        <Section
            title="Messages"
            actions={
                <>
                    <button type="button" class="primary" onClick={() => look(0)}>
                        Look
                    </button>
                    <Action
                        label="Get…"
                        title="Get messages"
                        done={(got) => `${count((got as Message[]).length)} got`}
                        explain={<p>To look without taking or marking them, use Look.</p>}
                        fields={[
                            {
                                name: 'count',
                                label: 'How many',
                                kind: 'number',
                                value: '1',
                                min: 1,
                                max: 1000,
                                required: true,
                            },
                            {
                                name: 'ackmode',
                                label: 'And then',
                                kind: 'choice',
                                choices: [
                                    ['ack_requeue_true', 'give them back, marked redelivered'],
                                    ['ack_requeue_false', 'take them: they are gone'],
                                    ['reject_requeue_true', 'reject and give back'],
                                    ['reject_requeue_false', 'reject: dead-letter or drop'],
                                ],
                            },
                        ]}
                        run={async ({ count: most, ackmode }) => {
                            const got = await send<Message[]>('POST', `${at}/get`, {
                                count: Number(most),
                                ackmode,
                                encoding: 'auto',
                                truncate: 50_000,
                            });
                            setError(null);
                            setHasPlace(false);
                            setMessages(got);
                            return got;
                        }}
                    />
                </>
            }
        >
            {error && <Problem error={error} />}
            {messages === null ? (
                <p class="quiet">Look at what is next, or anywhere in the queue: nothing is taken, nothing marked.</p>
            ) : messages.length === 0 ? (
                <p>There is no message{hasPlace && position > 0 ? ' at that place' : ' ready'}.</p>
            ) : (
                <ul class="messages" tabIndex={0} aria-label="Messages">
                    {messages.map((message, index) => (
                        <One key={index} message={message} />
                    ))}
                </ul>
            )}
            {messages !== null && hasPlace && (
                <p class="pager">
                    <button
                        type="button"
                        disabled={position === 0}
                        onClick={() => look(Math.max(0, Math.min(position, ready) - few))}
                    >
                        Before
                    </button>
                    <label>
                        From position{' '}
                        <input
                            type="number"
                            min="0"
                            value={position}
                            onChange={(event) => look(Math.max(0, Number(event.currentTarget.value)))}
                        />
                    </label>
                    <button type="button" disabled={position + few >= ready} onClick={() => look(position + few)}>
                        After
                    </button>
                    <span class="quiet">of {count(ready)} ready</span>
                </p>
            )}
        </Section>
    );
}

function One({ message: m }: { message: Message }) {
    return (
        <li>
            <p>
                {m.position !== undefined && <span class="quiet">{count(m.position)} </span>}
                <strong>{m.routing_key || '(no key)'}</strong>{' '}
                <span class="quiet">
                    by {m.exchange || '(default)'}, {bytes(m.payload_bytes)}
                </span>{' '}
                {m.redelivered && <Badge tone="warning">redelivered</Badge>}{' '}
                {m.payload_encoding === 'base64' && <Badge tone="quiet">base64</Badge>}
            </p>
            <p class="quiet">{oneLine(m.properties)}</p>
            <pre tabIndex={0}>{pretty(m)}</pre>
            {m.payload.length > 0 && m.payload_bytes > 5000 && (
                <p class="quiet">The body may be longer than what is shown.</p>
            )}
        </li>
    );
}

/** JSON with lines, if it is some and short. */
function pretty({ payload, payload_encoding: encoding, payload_bytes: size }: Message): string {
    if (encoding !== 'string' || size > 5000 || !/^\s*[[{]/.test(payload)) return payload;
    try {
        return JSON.stringify(JSON.parse(payload), null, 2);
    } catch {
        return payload;
    }
}
