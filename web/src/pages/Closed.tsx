import { thatAreSeen } from '../api/session';
import type { Closed } from '../api/types/clients';
import { bytes, count, roughly } from '../api/units';
import { Badge, type Tone } from '../parts/Badge';
import { peerOf } from '../parts/links';
import { href, place } from '../parts/router';
import type { Column } from '../parts/table/column';
import { ListTable } from '../parts/table/ListTable';
import { Tabs } from '../parts/Tabs';
import { Ago } from '../parts/Time';

const tones: { [by: string]: Tone } = { client: 'quiet', broker: 'bad', operator: 'plain', lost: 'warning' };

const columns: Column<Closed>[] = [
    { key: 'at', label: 'Closed', sort: 'closed_at', show: (c) => <Ago at={c.closed_at} /> },
    {
        key: 'who',
        label: 'Who',
        sort: 'user_provided_name',
        filter: 'user_provided_name',
        fields: ['user_provided_name', 'connection_details', 'number'],
        show: (c) => (
            <>
                {c.user_provided_name ?? ''}{' '}
                <span class="quiet peer">
                    {peerOf(c.connection_details.name)}
                    {c.number !== undefined && ` (${c.number})`}
                </span>
            </>
        ),
    },
    {
        key: 'by',
        label: 'By',
        sort: 'closed_by',
        filter: 'closed_by',
        show: (c) => <Badge tone={tones[c.closed_by] ?? 'plain'}>{c.closed_by}</Badge>,
    },
    {
        key: 'code',
        label: 'Code',
        sort: 'reply_code',
        filter: 'reply_code',
        numeric: true,
        show: (c) => c.reply_code || '',
    },
    {
        key: 'text',
        label: 'Why',
        sort: 'reply_text',
        filter: 'reply_text',
        show: (c) => (
            <span class="reason long" title={c.reply_text}>
                {c.reply_text}
            </span>
        ),
    },
    {
        key: 'method',
        label: 'At',
        sort: 'method',
        filter: 'method',
        hint: 'The method that failed',
        show: (c) => c.method ?? '',
    },
    { key: 'user', label: 'User', sort: 'user', filter: 'user', show: (c) => c.user },
    { key: 'vhost', label: 'Vhost', sort: 'vhost', filter: 'vhost', usual: false, show: (c) => c.vhost },
    {
        key: 'open',
        label: 'Was open',
        sort: 'open_ms',
        filter: 'open_ms',
        numeric: true,
        show: (c) => roughly(c.open_ms),
    },
    {
        key: 'published',
        label: 'Published',
        sort: 'message_stats.publish',
        numeric: true,
        usual: false,
        show: (c) => count(c.message_stats?.publish),
    },
    {
        key: 'delivered',
        label: 'Delivered',
        sort: 'message_stats.deliver_get',
        numeric: true,
        usual: false,
        show: (c) => count(c.message_stats?.deliver_get),
    },
    {
        key: 'received',
        label: 'From client',
        sort: 'recv_oct',
        numeric: true,
        usual: false,
        show: (c) => bytes(c.recv_oct),
    },
];

/** Why channels and connections were closed. */
export function ClosedPage() {
    const of = place.value.query.get('of') === 'connections' ? 'connections' : 'channels';
    return (
        <>
            <h1>Closed {of}</h1>
            <Tabs
                label="Of what"
                of={[
                    { label: 'Channels', link: href(['closed']), isShown: of === 'channels' },
                    { label: 'Connections', link: href(['closed'], { of: 'connections' }), isShown: of !== 'channels' },
                ]}
            />
            <ListTable
                key={of}
                id={`closed-${of}`}
                what={of}
                path={`/api/${of}/closed`}
                columns={columns}
                rowKey={(row) => `${row.name} ${row.closed_at}`}
                sort="closed_at"
                down
                need={['name', 'closed_at']}
                empty={
                    of === 'channels' ? (
                        <p>
                            No channel{thatAreSeen.value} was closed by a mistake. What a client closes in order is not
                            kept here.
                        </p>
                    ) : (
                        <p>No connection{thatAreSeen.value} was closed yet.</p>
                    )
                }
            />
        </>
    );
}
