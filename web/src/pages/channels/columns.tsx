import type { Channel } from '../../api/types/clients';
import type { MessageStat } from '../../api/types/common';
import { bytes, count, roughly } from '../../api/units';
import { Badge, State } from '../../parts/Badge';
import { ChannelLink, ConnectionLink, peerOf } from '../../parts/links';
import { rateColumn, type Column } from '../../parts/table/column';

const rate = (key: string, label: string, stat: MessageStat, usual = true): Column<Channel> =>
    rateColumn(key, label, `message_stats.${stat}`, (c) => c.message_stats?.[`${stat}_details`], usual);

export const channelColumns: Column<Channel>[] = [
    {
        key: 'number',
        label: 'Channel',
        sort: 'number',
        filter: 'number',
        numeric: true,
        ordinal: true,
        show: (c) => <ChannelLink name={c.name} short />,
    },
    {
        key: 'connection',
        label: 'Connection',
        sort: 'user_provided_name',
        filter: 'user_provided_name',
        fields: ['user_provided_name', 'connection_details'],
        hint: 'What the client calls it, and where it comes from',
        show: ({ user_provided_name: name, connection_details: { name: connection } }) => (
            <>
                <ConnectionLink name={connection} title={name ?? peerOf(connection)} />
                {name && <span class="quiet peer"> {peerOf(connection)}</span>}
            </>
        ),
    },
    { key: 'user', label: 'User', sort: 'user', filter: 'user', show: (c) => c.user },
    { key: 'vhost', label: 'Vhost', sort: 'vhost', filter: 'vhost', usual: false, show: (c) => c.vhost },
    {
        key: 'state',
        label: 'State',
        sort: 'state',
        filter: 'state',
        fields: ['state', 'confirm', 'transactional'],
        hint: 'And whether it asks for confirms or uses transactions',
        show: (c) => (
            <>
                <State state={c.state} /> {c.confirm && <Badge tone="quiet">confirms</Badge>}
                {c.transactional && <Badge tone="quiet">tx</Badge>}
            </>
        ),
    },
    {
        key: 'consumers',
        label: 'Consumers',
        sort: 'consumer_count',
        filter: 'consumer_count',
        numeric: true,
        show: (c) => count(c.consumer_count),
    },
    {
        key: 'prefetch',
        label: 'Prefetch',
        sort: 'prefetch_count',
        filter: 'prefetch_count',
        numeric: true,
        fields: ['prefetch_count', 'global_prefetch_count'],
        hint: 'Of each consumer; and of the channel as a whole',
        show: (c) => (
            <>
                {c.prefetch_count || '∞'}
                {c.global_prefetch_count > 0 && <span class="quiet"> all {c.global_prefetch_count}</span>}
            </>
        ),
    },
    {
        key: 'unacked',
        label: 'Unacked',
        sort: 'messages_unacknowledged',
        filter: 'messages_unacknowledged',
        numeric: true,
        show: (c) => count(c.messages_unacknowledged),
    },
    {
        key: 'unconfirmed',
        label: 'Unconfirmed',
        sort: 'messages_unconfirmed',
        filter: 'messages_unconfirmed',
        numeric: true,
        show: (c) => count(c.messages_unconfirmed),
    },
    {
        key: 'uncommitted',
        label: 'Uncommitted',
        sort: 'messages_uncommitted',
        filter: 'messages_uncommitted',
        numeric: true,
        usual: false,
        show: (c) => count(c.messages_uncommitted),
    },
    rate('publish', 'Publish', 'publish'),
    rate('confirm', 'Confirm', 'confirm', false),
    rate('deliver', 'Deliver', 'deliver_get'),
    rate('ack', 'Ack', 'ack', false),
    rate('returned', 'Returned', 'return_unroutable', false),
    rate('dropped', 'Dropped', 'drop_unroutable', false),
    rate('redelivered', 'Redelivered', 'redeliver', false),
    {
        key: 'memory',
        label: 'Memory',
        sort: 'memory',
        filter: 'memory',
        numeric: true,
        hint: 'What the broker holds for it',
        show: (c) => bytes(c.memory),
    },
    {
        key: 'idle',
        label: 'Idle for',
        sort: 'idle_ms',
        filter: 'idle_ms',
        numeric: true,
        show: (c) => roughly(c.idle_ms),
    },
    { key: 'open', label: 'Open for', sort: 'open_ms', numeric: true, usual: false, show: (c) => roughly(c.open_ms) },
];
