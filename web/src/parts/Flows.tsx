import type { Flow, Rate } from '../api/types/common';
import { count, perSecond } from '../api/units';
import { Section } from './Facts';
import { ClientLink, ExchangeLink, QueueLink } from './links';
import { PlainTable, type PlainColumn } from './table/PlainTable';

const labels: { [stat: string]: string } = {
    publish: 'Published',
    publish_in: 'In',
    publish_out: 'Out',
    confirm: 'Confirmed',
    return_unroutable: 'Returned',
    drop_unroutable: 'Dropped',
    deliver_get: 'Delivered',
    redeliver: 'Redelivered',
    ack: 'Acknowledged',
    reject: 'Rejected',
};

interface Props {
    title: string;
    of: Flow[] | undefined;
    stats: string[];
    /** How many there were at all, also by what has gone since. */
    total: number;
    /** What it means that there is none. */
    empty: string;
}

/** Who has part in what goes through here: by exchange, queue or channel, the busiest first. */
export function Flows({ title, of = [], stats, total, empty }: Props) {
    const [first = ''] = stats;
    const rows = [...of].sort((a, b) => rateOf(b, first) - rateOf(a, first) || totalOf(b, first) - totalOf(a, first));
    return (
        <Section title={title}>
            {rows.length === 0 ? (
                <p class="quiet">{total > 0 ? `${count(total)} messages, by what is no longer there.` : empty}</p>
            ) : (
                <PlainTable
                    label={title}
                    rows={rows}
                    rowKey={nameOf}
                    columns={[
                        { label: kindOf(rows[0]), show: (flow) => <End of={flow} /> },
                        ...stats.map((stat): PlainColumn<Flow> => ({
                            label: labels[stat] ?? stat,
                            numeric: true,
                            show: (flow) => (
                                <>
                                    {perSecond(rateOf(flow, stat))}{' '}
                                    <span class="quiet">{count(totalOf(flow, stat))}</span>
                                </>
                            ),
                        })),
                    ]}
                />
            )}
        </Section>
    );
}

const rateOf = ({ stats }: Flow, stat: string) => (stats[`${stat}_details`] as Rate | undefined)?.rate ?? 0;
const totalOf = ({ stats }: Flow, stat: string) => Number(stats[stat] ?? 0);
const kindOf = (flow: Flow | undefined) => (flow?.exchange ? 'Exchange' : flow?.queue ? 'Queue' : 'Channel');
const nameOf = ({ exchange, queue, channel_details: channel }: Flow) =>
    channel?.name ?? `${(exchange ?? queue)?.vhost} ${(exchange ?? queue)?.name}`;

function End({ of: { exchange, queue, channel_details: channel } }: { of: Flow }) {
    if (exchange) return <ExchangeLink vhost={exchange.vhost} name={exchange.name} />;
    if (queue) return <QueueLink vhost={queue.vhost} name={queue.name} />;
    return channel ? <ClientLink of={channel} /> : <>no longer there</>;
}
