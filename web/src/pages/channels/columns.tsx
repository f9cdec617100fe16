import type { Channel } from '../../api/types/clients';
import { bytes, count, perSecond, roughly } from '../../api/units';
import { Badge, State } from '../../parts/Badge';
import { ChannelLink, ConnectionLink, peerOf } from '../../parts/links';
import type { Column } from '../../parts/table/column';

const rate = (
    key: string,
    label: string,
    field: string,
    of: (c: Channel) => number | undefined,
    usual = true,
): Column<Channel> => ({
    key,
    label,
    sort: `message_stats.${field}_details.rate`,
    filter: `message_stats.${field}_details.rate`,
    numeric: true,
    usual,
    show: (c) => perSecond(of(c)),
});

export const channelColumns: Column<Channel>[] = [
    {
        key: 'number',
        label: 'Channel',
        sort: 'number',
        filter: 'number',
        numeric: true,
        show: (c) => <ChannelLink name={c.name} short />,
    },
    {
        key: 'connection',
        label: 'Connection',
        sort: 'name',
        fields: ['connection_details'],
        show: (c) => <ConnectionLink name={c.connection_details.name} title={peerOf(c.connection_details.name)} />,
    },
    { key: 'user', label: 'User', sort: 'user', filter: 'user', show: (c) => c.user },
    { key: 'vhost', label: 'Virtual host', sort: 'vhost', filter: 'vhost', show: (c) => c.vhost },
    {
        key: 'mode',
        label: 'Mode',
        fields: ['confirm', 'transactional'],
        hint: 'Confirms or transactions',
        show: (c) => (
            <>
                {c.confirm && <Badge tone="quiet">confirms</Badge>}
                {c.transactional && <Badge tone="quiet">tx</Badge>}
            </>
        ),
    },
    { key: 'state', label: 'State', sort: 'state', filter: 'state', show: (c) => <State state={c.state} /> },
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
    rate('publish', 'Publish', 'publish', (c) => c.message_stats?.publish_details?.rate),
    rate('confirm', 'Confirm', 'confirm', (c) => c.message_stats?.confirm_details?.rate, false),
    rate('deliver', 'Deliver', 'deliver_get', (c) => c.message_stats?.deliver_get_details?.rate),
    rate('ack', 'Ack', 'ack', (c) => c.message_stats?.ack_details?.rate),
    rate('returned', 'Returned', 'return_unroutable', (c) => c.message_stats?.return_unroutable_details?.rate, false),
    rate('redelivered', 'Redelivered', 'redeliver', (c) => c.message_stats?.redeliver_details?.rate, false),
    {
        key: 'memory',
        label: 'Memory',
        sort: 'held_bytes.total',
        filter: 'held_bytes.total',
        numeric: true,
        hint: 'What the broker holds for it',
        show: (c) => bytes(c.held_bytes?.total),
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
