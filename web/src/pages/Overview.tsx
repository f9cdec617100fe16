import { useMemo } from 'preact/hooks';
import { useLive } from '../api/live';
import { may } from '../api/session';
import type { Warning } from '../api/types/common';
import type { Overview as Figures } from '../api/types/node';
import { count, duration, perSecond } from '../api/units';
import { Charts, messageRates, type ChartOf } from '../parts/Charts';
import { Facts, Section, Tiles } from '../parts/Facts';
import { Problem, Waiting } from '../parts/Problem';
import { href } from '../parts/router';
import { Snippet } from '../parts/Snippet';
import { Warnings } from '../parts/Warnings';
import { Alarms } from './overview/Alarms';

const short = (value: number) => count(Math.round(value * 10) / 10);

const charts: ChartOf[] = [
    messageRates(perSecond),
    {
        title: 'Messages in queues',
        unit: short,
        lines: [
            { label: 'ready', field: 'queue_totals.messages_ready', colour: 1 },
            { label: 'unacknowledged', field: 'queue_totals.messages_unacknowledged', colour: 4 },
        ],
    },
    {
        title: 'Clients',
        unit: short,
        lines: [
            {
                label: 'connections',
                field: 'churn_rates.connection_created',
                minus: 'churn_rates.connection_closed',
                colour: 2,
            },
            { label: 'channels', field: 'churn_rates.channel_created', minus: 'churn_rates.channel_closed', colour: 3 },
        ],
    },
    {
        title: 'Opened a second',
        unit: perSecond,
        isRate: true,
        lines: [
            { label: 'connections', field: 'churn_rates.connection_created', colour: 2 },
            { label: 'channels', field: 'churn_rates.channel_created', colour: 3 },
            { label: 'queues created', field: 'churn_rates.queue_created', colour: 1 },
        ],
    },
    {
        title: 'Closed a second',
        unit: perSecond,
        isRate: true,
        lines: [
            { label: 'connections', field: 'churn_rates.connection_closed', colour: 2 },
            { label: 'channels', field: 'churn_rates.channel_closed', colour: 3 },
            { label: 'queues deleted', field: 'churn_rates.queue_deleted', colour: 1 },
        ],
    },
];

export function Overview() {
    const { data, error } = useLive<Figures>('/api/overview');
    const warnings = useLive<Warning[]>('/api/warnings', 5000).data ?? [];
    if (!data) return error ? <Problem error={error} /> : <Waiting />;
    const { object_totals: objects, queue_totals: totals, churn_rates: churn } = data;
    return (
        <>
            <h1>Overview</h1>
            <Alarms />
            {warnings.length > 0 && (
                <Section title="Warnings">
                    <Warnings of={warnings} />
                </Section>
            )}
            <Tiles
                of={[
                    [
                        'Connections',
                        count(objects.connections),
                        churnNote(churn.connection_created_details?.rate, churn.connection_closed_details?.rate),
                        href(['connections']),
                    ],
                    [
                        'Channels',
                        count(objects.channels),
                        churnNote(churn.channel_created_details?.rate, churn.channel_closed_details?.rate),
                        href(['channels']),
                    ],
                    ['Consumers', count(objects.consumers), undefined, href(['consumers'])],
                    [
                        'Ready',
                        count(totals.messages_ready),
                        `messages in ${count(objects.queues)} queues`,
                        href(['queues']),
                    ],
                    ['Unacknowledged', count(totals.messages_unacknowledged), 'messages that clients hold'],
                ]}
            />
            <Charts path="/api/overview" answer={data} of={charts} />
            {objects.connections === 0 && (
                <Section title="Connect a client">
                    <Snippet listeners={data.listeners} />
                </Section>
            )}
            <div class="columns">
                <Section title="Since the start">
                    <Totals figures={data} />
                </Section>
                <Section title="Node">
                    <Facts
                        of={[
                            ['Name', data.node],
                            ['Version', `${data.product_name} ${data.product_version}`],
                            ['Running for', duration(data.uptime * 1000)],
                            ['Exchanges', count(objects.exchanges)],
                            ['Queues', count(objects.queues)],
                        ]}
                    />
                    {may.monitor.value && (
                        <table class="plain">
                            <caption>Listeners</caption>
                            <thead>
                                <tr>
                                    <th scope="col">Protocol</th>
                                    <th scope="col">Address</th>
                                    <th scope="col" class="number">
                                        Port
                                    </th>
                                </tr>
                            </thead>
                            <tbody>
                                {data.listeners.map((l) => (
                                    <tr key={`${l.protocol}${l.ip_address}${l.port}`}>
                                        <td>{l.protocol}</td>
                                        <td>{l.ip_address}</td>
                                        <td class="number">{l.port || ''}</td>
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    )}
                </Section>
            </div>
        </>
    );
}

const churnNote = (opened = 0, closed = 0) => `${perSecond(opened)} opened, ${perSecond(closed)} closed`;

function Totals({ figures: { message_stats: stats, churn_rates: churn } }: { figures: Figures }) {
    const rows = useMemo<[string, number][]>(
        () => [
            ['Published', stats.publish],
            ['Confirmed', stats.confirm],
            ['Delivered', stats.deliver + stats.deliver_no_ack],
            ['Got (basic.get)', stats.get],
            ['Got nothing', stats.get_empty],
            ['Acknowledged', stats.ack],
            ['Rejected', stats.reject],
            ['Redelivered', stats.redeliver],
            ['Returned, no queue', stats.return_unroutable],
            ['Dropped, no queue', stats.drop_unroutable],
            ['Connections opened', churn.connection_created],
            ['Connections closed', churn.connection_closed],
            ['Channels opened', churn.channel_created],
            ['Channels closed', churn.channel_closed],
            ['Queues created', churn.queue_created],
            ['Queues deleted', churn.queue_deleted],
        ],
        [stats, churn],
    );
    return <Facts of={rows.map(([name, value]) => [name, count(value)])} />;
}
