import { useState } from 'preact/hooks';
import { path, send } from '../../api/request';
import { nameOfExchange } from '../../parts/links';
import { Problem } from '../../parts/Problem';
import { say } from '../../parts/Said';
import { readTable, tableHint } from '../../parts/tableText';

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
                    payload_encoding: 'string',
                    properties: {
                        delivery_mode: form.has('persistent') ? 2 : 1,
                        ...(text('content_type') ? { content_type: text('content_type') } : {}),
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
            <label class="field">
                <span>Content type</span>
                <input name="content_type" autocomplete="off" placeholder="application/json" spellcheck={false} />
            </label>
            <label class="field wide">
                <span>Body</span>
                <textarea name="payload" rows={4} spellcheck={false} />
            </label>
            <label class="field wide">
                <span>Headers</span>
                <textarea name="headers" rows={2} spellcheck={false} />
                <small>{tableHint}</small>
            </label>
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
