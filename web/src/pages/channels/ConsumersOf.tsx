import { path, send } from '../../api/request';
import type { Consumer } from '../../api/types/clients';
import { Action } from '../../parts/Action';
import { Badge } from '../../parts/Badge';
import { QueueLink } from '../../parts/links';
import { PlainTable, type PlainColumn } from '../../parts/table/PlainTable';
import { oneLine } from '../../parts/ValueTree';

/** The consumers of one channel. */
export function ConsumersOf({ consumers, mayChange }: { consumers: Consumer[]; mayChange: boolean }) {
    if (consumers.length === 0) return <p class="quiet">None: nothing is delivered on it but by basic.get.</p>;
    const columns: PlainColumn<Consumer>[] = [
        { label: 'Tag', show: (c) => c.consumer_tag },
        { label: 'Queue', show: (c) => <QueueLink vhost={c.queue.vhost} name={c.queue.name} /> },
        { label: 'Mode', show: (c) => <ConsumerMode of={c} /> },
        { label: 'Prefetch', numeric: true, show: (c) => c.prefetch_count || '∞' },
        { label: 'Priority', numeric: true, show: (c) => c.priority },
        { label: 'Arguments', show: (c) => oneLine(c.arguments) },
    ];
    if (mayChange) columns.push({ label: 'Actions', show: (c) => <ConsumerActions of={c} /> });
    return (
        <PlainTable
            label="Consumers of this channel"
            rows={consumers}
            rowKey={(c) => c.consumer_tag}
            columns={columns}
        />
    );
}

export const ConsumerMode = ({ of }: { of: Consumer }) => (
    <>
        {of.ack_required ? (
            'acks'
        ) : (
            <Badge tone="warning" title="What is delivered counts as acknowledged">
                no acks
            </Badge>
        )}{' '}
        {of.exclusive && <Badge tone="quiet">exclusive</Badge>}
        {!of.active && (
            <Badge tone="quiet" title="Of a queue with a single active consumer: another one is served">
                {of.activity_status}
            </Badge>
        )}
    </>
);

export function ConsumerActions({
    of: { consumer_tag: tag, queue, channel_details: channel, prefetch_count: prefetch },
}: {
    of: Consumer;
}) {
    const at = path('consumers', queue.vhost, channel.connection_name, channel.number, tag);
    return (
        <>
            <Action
                label="Prefetch…"
                compact
                title={`Prefetch of ${tag}`}
                done="The prefetch is changed"
                fields={[
                    {
                        name: 'count',
                        label: 'Deliveries unacknowledged at most',
                        kind: 'number',
                        value: String(prefetch),
                        min: 0,
                        max: 65535,
                        required: true,
                        hint: '0 is no limit',
                    },
                ]}
                run={({ count }) => send('PUT', at, { prefetch_count: Number(count) })}
            />{' '}
            <Action
                label="Cancel…"
                compact
                danger
                title={`Cancel the consumer ${tag}?`}
                done="The consumer is cancelled"
                explain={
                    <p>
                        It gets nothing more from <code>{queue.name}</code>. What it holds stays with its channel until
                        it is settled or requeued.
                    </p>
                }
                run={() => send('DELETE', at)}
            />
        </>
    );
}
