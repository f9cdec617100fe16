import { useMemo } from 'preact/hooks';
import { useLive } from '../api/live';
import { path } from '../api/request';
import { may } from '../api/session';
import { vhostOfLists } from '../api/vhosts';
import type { Warning } from '../api/types/common';
import type { Node, Overview as Figures } from '../api/types/node';
import { bytes, count, duration, perSecond } from '../api/units';
import { byteRates, ChartGrid, Charts, deliveryKinds, messageRates, type ChartOf } from '../parts/Charts';
import { Facts, Section, Tiles } from '../parts/Facts';
import { Problem, Waiting } from '../parts/Problem';
import { href } from '../parts/router';
import { Snippet } from '../parts/Snippet';
import { Warnings } from '../parts/Warnings';
import { loadCharts } from './node/charts';
import { Alarms } from '../parts/Alarms';

const short = (value: number) => count(Math.round(value * 10) / 10);

function churn(title: string, comes: string, asComing: string, goes: string, asGoing: string): ChartOf {
    return {
        title,
        unit: perSecond,
        isRate: true,
        lines: [
            { label: asComing, field: `churn_rates.${comes}`, colour: 1 },
            { label: asGoing, field: `churn_rates.${goes}`, colour: 2 },
        ],
    };
}

const charts: ChartOf[] = [
    messageRates,
    deliveryKinds,
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
    churn('Connections a second', 'connection_created', 'opened', 'connection_closed', 'closed'),
    churn('Channels a second', 'channel_created', 'opened', 'channel_closed', 'closed'),
    churn('Queues a second', 'queue_created', 'created', 'queue_deleted', 'deleted'),
    byteRates('message_stats.'),
];

export function Overview() {
    const { data, error } = useLive<Figures>('/api/overview', 2000);
    const at = data && may.monitor.value ? path('nodes', data.node) : null;
    const node = useLive<Node>(at, 10_000).data;
    const warnings = useLive<Warning[]>('/api/warnings', 5000).data ?? [];
    if (!data) return error ? <Problem error={error} /> : <Waiting />;
    const { object_totals: objects, queue_totals: totals, churn_rates: churn } = data;
    return (
        <>
            <h1>Overview</h1>
            {error && <Problem error={error} />}
            {vhostOfLists.value && (
                <p class="quiet">
                    Of all virtual hosts: <a href={href(['vhosts', vhostOfLists.value])}>{vhostOfLists.value} alone</a>
                </p>
            )}
            <Alarms />
            <Warnings of={warnings} />
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
            <ChartGrid>
                <Charts path="/api/overview" answer={data} of={charts} />
                {at && <Charts path={at} answer={node} of={loadCharts} />}
            </ChartGrid>
            {objects.connections === 0 && (
                <Section title="Connect a client">
                    <Snippet />
                </Section>
            )}
            <div class="columns">
                <Section title="Since the start">
                    <Totals figures={data} />
                </Section>
                <Section title="Node">
                    <Facts
                        of={[
                            ['Name', may.monitor.value ? <a href={href(['node'])}>{data.node}</a> : data.node],
                            ['Version', `${data.product_name} ${data.product_version}`],
                            ['Running for', duration(data.uptime * 1000)],
                            ['Exchanges', count(objects.exchanges)],
                            ['Queues', count(objects.queues)],
                            ...(node ? boundsOf(node) : []),
                            ['Ports', portsOf(data)],
                        ]}
                    />
                </Section>
            </div>
        </>
    );
}

/** What it uses of what it may, with what happens at the bound on the node's page. */
const boundsOf = (node: Node): [string, string][] => [
    ['Memory', node.mem_limit > 0 ? `${bytes(node.mem_used)} of ${bytes(node.mem_limit)}` : bytes(node.mem_used)],
    ['Disk free', bytes(node.disk_free)],
    ['Descriptors', `${count(node.fd_used)} of ${count(node.fd_total)}`],
];

const portsOf = ({ listeners }: Figures) =>
    [...new Set(listeners.filter(({ port }) => port > 0).map(({ protocol, port }) => `${protocol} ${port}`))].join(
        ', ',
    );

const churnNote = (opened = 0, closed = 0) => `${perSecond(opened)} opened, ${perSecond(closed)} closed`;

function Totals({ figures: { message_stats: stats, churn_rates: churn } }: { figures: Figures }) {
    const rows = useMemo<[string, number][]>(
        () => [
            ['Published', stats.publish],
            ['Confirmed', stats.confirm],
            ['Delivered', stats.deliver + stats.deliver_no_ack],
            ['Got (basic.get)', stats.get + stats.get_no_ack],
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
