import { thatAreSeen } from '../api/session';
import type { Queue } from '../api/types/topology';
import { bytes, count } from '../api/units';
import { queueArguments } from '../parts/argumentNames';
import { State } from '../parts/Badge';
import { QueueLink } from '../parts/links';
import { Snippet } from '../parts/Snippet';
import { rateColumn, type Column } from '../parts/table/column';
import { durable, NamedList } from './topology';

const columns: Column<Queue>[] = [
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
    rateColumn('in', 'In', 'message_stats.publish', (q) => q.message_stats?.publish_details),
    rateColumn('out', 'Out', 'message_stats.deliver_get', (q) => q.message_stats?.deliver_get_details),
    rateColumn('ack', 'Ack', 'message_stats.ack', (q) => q.message_stats?.ack_details, false),
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

export const Queues = () => (
    <NamedList<Queue>
        kind="queues"
        noun="queue"
        title="Queues"
        link={(q) => <QueueLink vhost={q.vhost} name={q.name} />}
        sort="messages"
        down
        columns={columns}
        empty={
            <>
                <p>There is no queue{thatAreSeen.value}. Add one here, or declare it in your program:</p>
                <Snippet />
            </>
        }
        fields={[
            {
                name: 'type',
                label: 'Type',
                kind: 'choice',
                choices: [['', 'as the virtual host has it'], 'classic', 'quorum'],
            },
            durable,
            { name: 'auto_delete', label: 'Auto-delete: it goes with its last consumer', kind: 'check' },
        ]}
        arguments={queueArguments}
        declare={({ type = '' }) => (type ? { arguments: { 'x-queue-type': type } } : {})}
    />
);
