import { useMemo } from 'preact/hooks';
import { useLive } from '../api/live';
import { thatAreSeen } from '../api/session';
import type { Connection } from '../api/types/clients';
import type { Warning } from '../api/types/common';
import { bytes, bytesPerSecond, count, duration } from '../api/units';
import { Badge, State } from '../parts/Badge';
import { ConnectionLink, peerOf } from '../parts/links';
import { place, setQuery } from '../parts/router';
import { Snippet } from '../parts/Snippet';
import { rateColumn, type Column } from '../parts/table/column';
import { ListTable } from '../parts/table/ListTable';
import { Ago } from '../parts/Time';
import { titleOf } from '../parts/Warnings';
import { Groups } from './connections/Groups';

const groupings = [
    ['', 'None'],
    ['connection_name', 'Application'],
    ['product', 'Client library'],
    ['user', 'User'],
    ['vhost', 'Virtual host'],
    ['peer_host', 'Host'],
] as const;

const none: Warning[] = [];

export function Connections() {
    const asked = place.value.query.get('by');
    // What somebody typed into the address may be none.
    const by = groupings.find(([value]) => value === asked)?.[0] ?? '';
    const warnings = useLive<Warning[]>('/api/warnings', 5000).data ?? none;
    const columns = useMemo(() => columnsWith(warnings), [warnings]);
    const choice = (
        <label class="inline">
            Group by{' '}
            <select value={by} onChange={(event) => setQuery({ by: event.currentTarget.value })}>
                {groupings.map(([value, label]) => (
                    <option key={value} value={value}>
                        {label}
                    </option>
                ))}
            </select>
        </label>
    );
    return (
        <>
            <h1>Connections</h1>
            {by ? (
                <Groups by={by} tools={choice} />
            ) : (
                <ListTable<Connection>
                    id="connections"
                    what="connections"
                    path="/api/connections"
                    columns={columns}
                    rowKey={(row) => row.name}
                    need={['name', 'user_provided_name']}
                    sort="connected_at"
                    down
                    tools={choice}
                    empty={
                        <>
                            <p>No client is connected{thatAreSeen.value}. A first one, in your language:</p>
                            <Snippet />
                        </>
                    }
                />
            )}
        </>
    );
}

// How many channels connections had when this page saw them first.
const seenFirst = new Map<string, number>();
const seenMost = 20_000;

function Channels({ of: { name, channels, channels_opened: opened } }: { of: Connection }) {
    const first = seenFirst.get(name) ?? channels;
    if (!seenFirst.has(name)) {
        seenFirst.set(name, first);
        const [oldest] = seenFirst.keys();
        if (seenFirst.size > seenMost && oldest !== undefined) seenFirst.delete(oldest);
    }
    return (
        <>
            {channels > first && (
                <Badge
                    tone={channels - first >= 10 ? 'warning' : 'quiet'}
                    title="More than when this page saw it first"
                >
                    +{count(channels - first)}
                </Badge>
            )}{' '}
            {count(channels)}
            {opened > channels && <span class="quiet"> of {count(opened)}</span>}
        </>
    );
}

function columnsWith(warnings: Warning[]): Column<Connection>[] {
    const of = new Map<string, Warning[]>();
    for (const warning of warnings) {
        if (warning.connection) of.set(warning.connection, [...(of.get(warning.connection) ?? []), warning]);
    }
    const all: Column<Connection>[] = [
        {
            key: 'name',
            label: 'Connection',
            sort: 'user_provided_name',
            filter: 'user_provided_name',
            hint: 'What the client calls it, and where it comes from',
            show: (c) => (
                <>
                    <ConnectionLink name={c.name} title={c.user_provided_name ?? peerOf(c.name)} />
                    {c.user_provided_name && <span class="quiet peer"> {peerOf(c.name)}</span>}
                </>
            ),
        },
        {
            key: 'warnings',
            label: 'Warnings',
            fields: [],
            show: (c) =>
                of.get(c.name)?.map((w) => (
                    <Badge key={w.name} tone="warning" title={`${w.what}. ${w.advice}.`}>
                        {titleOf(w)}
                    </Badge>
                )),
        },
        { key: 'user', label: 'User', sort: 'user', filter: 'user', show: (c) => c.user },
        { key: 'vhost', label: 'Vhost', sort: 'vhost', filter: 'vhost', show: (c) => c.vhost },
        { key: 'state', label: 'State', sort: 'state', filter: 'state', show: (c) => <State state={c.state} /> },
        {
            key: 'channels',
            label: 'Channels',
            sort: 'channels',
            filter: 'channels',
            numeric: true,
            fields: ['channels', 'channels_opened'],
            hint: 'Open now; how many more since this page saw it first; and how many were ever opened',
            show: (c) => <Channels of={c} />,
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
            usual: false,
            show: (c) => count(c.messages_unconfirmed),
        },
        rateColumn('publish', 'Publish', 'message_stats.publish', (c) => c.message_stats?.publish_details),
        rateColumn('deliver', 'Deliver', 'message_stats.deliver_get', (c) => c.message_stats?.deliver_get_details),
        {
            key: 'received',
            label: 'From client',
            sort: 'recv_oct_details.rate',
            numeric: true,
            usual: false,
            show: (c) => bytesPerSecond(c.recv_oct_details?.rate),
        },
        {
            key: 'sent',
            label: 'To client',
            sort: 'send_oct_details.rate',
            numeric: true,
            usual: false,
            show: (c) => bytesPerSecond(c.send_oct_details?.rate),
        },
        {
            key: 'memory',
            label: 'Memory',
            sort: 'memory',
            filter: 'memory',
            numeric: true,
            hint: 'What the broker holds for it',
            show: (c) => bytes(c.memory),
        },
        { key: 'connected', label: 'Connected', sort: 'connected_at', show: (c) => <Ago at={c.connected_at} /> },
        {
            key: 'client',
            label: 'Client',
            sort: 'client_properties.product',
            filter: 'client_properties.product',
            usual: false,
            fields: ['client_properties'],
            show: (c) => `${c.client_properties?.['product'] ?? ''} ${c.client_properties?.['version'] ?? ''}`,
        },
        { key: 'peer', label: 'Host', sort: 'peer_host', filter: 'peer_host', usual: false, show: (c) => c.peer_host },
        {
            key: 'tls',
            label: 'TLS',
            sort: 'ssl',
            filter: 'ssl',
            usual: false,
            fields: ['ssl', 'ssl_protocol'],
            show: (c) => (c.ssl ? (c.ssl_protocol ?? 'yes') : 'no'),
        },
        {
            key: 'received-ago',
            label: 'Last heard',
            sort: 'last_received_ms_ago',
            numeric: true,
            usual: false,
            show: (c) => duration(c.last_received_ms_ago),
        },
        {
            key: 'pending',
            label: 'To be sent',
            sort: 'send_pend',
            filter: 'send_pend',
            numeric: true,
            usual: false,
            show: (c) => count(c.send_pend),
        },
        {
            key: 'channel-max',
            label: 'Channel max',
            sort: 'channel_max',
            numeric: true,
            usual: false,
            show: (c) => count(c.channel_max),
        },
        {
            key: 'heartbeat',
            label: 'Heartbeat',
            sort: 'timeout',
            numeric: true,
            usual: false,
            show: (c) => `${c.timeout} s`,
        },
    ];
    return all.filter((column) => column.key !== 'warnings' || warnings.length > 0);
}
