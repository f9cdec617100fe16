import { useState } from 'preact/hooks';
import { path, send } from '../../api/request';
import type { Table } from '../../api/types/common';
import { nameOfExchange } from '../../parts/links';
import { Problem } from '../../parts/Problem';
import { say } from '../../parts/Said';
import { readTable, tableHint } from '../../parts/tableText';

type Property = [name: string, label: string, example?: string];

const properties: Property[] = [
    ['correlation_id', 'Correlation id'],
    ['reply_to', 'Reply to'],
    ['message_id', 'Message id'],
    ['expiration', 'Expiration, in milliseconds', '60000'],
    ['priority', 'Priority', '0 to 255'],
    ['type', 'Type'],
    ['app_id', 'Application'],
    ['user_id', 'User: your own name or none'],
    ['content_encoding', 'Content encoding', 'gzip'],
    ['timestamp', 'Timestamp, in seconds since 1970'],
];
const numbers = ['priority', 'timestamp'];

function propertiesOf(form: FormData): Table {
    const given: Table = {};
    for (const [name] of [['content_type'], ...properties] as [string][]) {
        const text = String(form.get(name) ?? '');
        if (text) given[name] = numbers.includes(name) ? Number(text) : text;
    }
    return given;
}

const PropertyInput = ({ of: [name, label, example] }: { of: Property }) => (
    <label class="field">
        <span>{label}</span>
        <input
            name={name}
            autocomplete="off"
            spellcheck={false}
            {...(numbers.includes(name) ? { type: 'number', min: 0 } : {})}
            {...(example ? { placeholder: example } : {})}
        />
    </label>
);

/** Publishes a message, by the rights of the reader. */
export function PublishForm({
    vhost,
    exchange,
    routingKey = '',
}: {
    vhost: string;
    exchange: string;
    routingKey?: string;
}) {
    const [error, setError] = useState<Error | null>(null);
    const [busy, setBusy] = useState(false);
    const submit = async (event: SubmitEvent) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget as HTMLFormElement);
        const text = (name: string) => String(form.get(name) ?? '');
        setBusy(true);
        setError(null);
        try {
            const headers = readTable(text('headers'));
            const { routed } = await send<{ routed: boolean }>(
                'POST',
                `${path('exchanges', vhost, nameOfExchange(exchange))}/publish`,
                {
                    routing_key: text('routing_key'),
                    payload: text('payload'),
                    payload_encoding: form.has('base64') ? 'base64' : 'string',
                    properties: {
                        ...propertiesOf(form),
                        delivery_mode: form.has('persistent') ? 2 : 1,
                        ...(Object.keys(headers).length > 0 ? { headers } : {}),
                    },
                },
            );
            if (routed) say('The message is in a queue');
            else setError(new Error('No binding leads from here to a queue with that key: the message was dropped.'));
        } catch (cause) {
            setError(cause as Error);
        }
        setBusy(false);
    };
    return (
        <form class="publish" onSubmit={submit}>
            <label class="field">
                <span>Routing key</span>
                <input name="routing_key" defaultValue={routingKey} autocomplete="off" spellcheck={false} />
            </label>
            <PropertyInput of={['content_type', 'Content type', 'application/json']} />
            <label class="field wide">
                <span>Body</span>
                <textarea name="payload" rows={4} spellcheck={false} />
            </label>
            <label class="field wide">
                <span>Headers</span>
                <textarea name="headers" rows={2} spellcheck={false} />
                <small>{tableHint}</small>
            </label>
            <details class="wide">
                <summary>More properties</summary>
                <div class="publish">
                    {properties.map((property) => (
                        <PropertyInput key={property[0]} of={property} />
                    ))}
                    <label class="field check">
                        <input type="checkbox" name="base64" />
                        <span>It is given as base64</span>
                    </label>
                </div>
            </details>
            <label class="field check">
                <input type="checkbox" name="persistent" defaultChecked />
                <span>Persistent: it is there after a restart</span>
            </label>
            {error && <Problem error={error} />}
            <button type="submit" class="primary" disabled={busy}>
                Publish
            </button>
        </form>
    );
}
