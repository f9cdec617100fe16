import { path, send } from '../api/request';
import type { Queue } from '../api/types/topology';
import { bytes, count, perSecond } from '../api/units';
import { useVHosts } from '../api/vhosts';
import { Action } from '../parts/Action';
import { Badge, State } from '../parts/Badge';
import { QueueLink } from '../parts/links';
import { Snippet } from '../parts/Snippet';
import type { Column } from '../parts/table/column';
import { ListTable } from '../parts/table/ListTable';
import { readTable, tableHint } from '../parts/tableText';

const columns: Column<Queue>[] = [
    {
        key: 'name',
        label: 'Queue',
        sort: 'name',
        filter: 'name',
        show: (q) => <QueueLink vhost={q.vhost} name={q.name} />,
    },
    { key: 'vhost', label: 'Virtual host', sort: 'vhost', filter: 'vhost', show: (q) => q.vhost },
    { key: 'type', label: 'Type', sort: 'type', filter: 'type', show: (q) => q.type },
    {
        key: 'features',
        label: 'Features',
        fields: ['durable', 'exclusive', 'auto_delete', 'arguments', 'policy', 'operator_policy'],
        show: (q) => <Features of={q} />,
    },
    { key: 'state', label: 'State', sort: 'state', filter: 'state', show: (q) => <State state={q.state} /> },
    {
        key: 'ready',
        label: 'Ready',
        sort: 'messages_ready',
        filter: 'messages_ready',
        numeric: true,
        show: (q) => count(q.messages_ready),
    },
    {
        key: 'unacked',
        label: 'Unacked',
        sort: 'messages_unacknowledged',
        filter: 'messages_unacknowledged',
        numeric: true,
        show: (q) => count(q.messages_unacknowledged),
    },
    {
        key: 'total',
        label: 'Total',
        sort: 'messages',
        filter: 'messages',
        numeric: true,
        usual: false,
        show: (q) => count(q.messages),
    },
    {
        key: 'bytes',
        label: 'Bytes',
        sort: 'message_bytes',
        filter: 'message_bytes',
        numeric: true,
        show: (q) => bytes(q.message_bytes),
    },
    {
        key: 'in',
        label: 'In',
        sort: 'message_stats.publish_details.rate',
        numeric: true,
        show: (q) => perSecond(q.message_stats?.publish_details?.rate),
    },
    {
        key: 'out',
        label: 'Out',
        sort: 'message_stats.deliver_get_details.rate',
        numeric: true,
        show: (q) => perSecond(q.message_stats?.deliver_get_details?.rate),
    },
    {
        key: 'ack',
        label: 'Ack',
        sort: 'message_stats.ack_details.rate',
        numeric: true,
        usual: false,
        show: (q) => perSecond(q.message_stats?.ack_details?.rate),
    },
    {
        key: 'consumers',
        label: 'Consumers',
        sort: 'consumers',
        filter: 'consumers',
        numeric: true,
        show: (q) => count(q.consumers),
    },
    { key: 'policy', label: 'Policy', sort: 'policy', filter: 'policy', usual: false, show: (q) => q.policy ?? '' },
];

const short: { [argument: string]: string } = {
    'x-message-ttl': 'TTL',
    'x-expires': 'expires',
    'x-max-length': 'max length',
    'x-max-length-bytes': 'max bytes',
    'x-overflow': 'overflow',
    'x-max-priority': 'priorities',
    'x-dead-letter-exchange': 'DLX',
    'x-dead-letter-routing-key': 'DLK',
    'x-single-active-consumer': 'SAC',
    'x-delivery-limit': 'delivery limit',
    'x-message-deduplication': 'deduplication',
};

/** What is not usual about a queue. */
export function Features({ of }: { of: Queue }) {
    return (
        <>
            {!of.durable && <Badge tone="quiet">transient</Badge>}
            {of.exclusive && <Badge tone="quiet">exclusive</Badge>}
            {of.auto_delete && <Badge tone="quiet">auto-delete</Badge>}
            {Object.entries(of.arguments ?? {})
                .filter(([name]) => name !== 'x-queue-type')
                .map(([name, value]) => (
                    <Badge key={name} tone="quiet" title={`${name} = ${JSON.stringify(value)}`}>
                        {short[name] ?? name}
                    </Badge>
                ))}
            {of.policy && <Badge title="Policy">{of.policy}</Badge>}
            {of.operator_policy && <Badge title="Operator policy">{of.operator_policy}</Badge>}
        </>
    );
}

export function Queues() {
    const vhosts = useVHosts();
    return (
        <>
            <h1>Queues</h1>
            <ListTable
                id="queues"
                what="queues"
                path="/api/queues"
                columns={columns}
                need={['name', 'vhost']}
                sort="messages"
                down
                rowKey={(row) => `${row.vhost}/${row.name}`}
                tools={<AddQueue vhosts={vhosts} />}
                empty={
                    <>
                        <p>There is no queue. Add one here, or declare it in your program:</p>
                        <Snippet />
                    </>
                }
            />
        </>
    );
}

const AddQueue = ({ vhosts }: { vhosts: string[] }) => (
    <Action
        label="Add queue…"
        title="Add a queue"
        primary
        done="The queue is there"
        fields={[
            { name: 'vhost', label: 'Virtual host', kind: 'choice', choices: vhosts },
            { name: 'name', label: 'Name', required: true },
            {
                name: 'type',
                label: 'Type',
                kind: 'choice',
                choices: [['', 'as the virtual host has it'], 'classic', 'quorum'],
            },
            { name: 'durable', label: 'Durable: it is there after a restart', kind: 'check', value: true },
            { name: 'auto_delete', label: 'Auto-delete: it goes with its last consumer', kind: 'check' },
            { name: 'arguments', label: 'Arguments', kind: 'area', hint: tableHint },
        ]}
        run={({ vhost = '/', name = '', type, durable, auto_delete: autoDelete, arguments: given = '' }) =>
            send('PUT', path('queues', vhost, name), {
                durable: durable === 'true',
                auto_delete: autoDelete === 'true',
                arguments: { ...readTable(given), ...(type ? { 'x-queue-type': type } : {}) },
            })
        }
    />
);
