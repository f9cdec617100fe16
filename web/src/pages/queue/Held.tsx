import type { Unacknowledged } from '../../api/types/topology';
import { roughly } from '../../api/units';
import { Section } from '../../parts/Facts';
import { ClientLink } from '../../parts/links';
import type { Column } from '../../parts/table/column';
import { ListTable } from '../../parts/table/ListTable';

const columns: Column<Unacknowledged>[] = [
    {
        key: 'age',
        label: 'Held for',
        sort: 'unacked_for_seconds',
        filter: 'unacked_for_seconds',
        numeric: true,
        show: (m) => roughly(m.unacked_for_seconds * 1000),
    },
    {
        key: 'client',
        label: 'Held by',
        sort: 'user_provided_name',
        filter: 'user_provided_name',
        show: ({ channel_name: name, user_provided_name: client }) => (
            <ClientLink of={{ name, ...(client ? { user_provided_name: client } : {}) }} />
        ),
    },
    { key: 'user', label: 'User', sort: 'user', filter: 'user', show: (m) => m.user },
    {
        key: 'consumer',
        label: 'Consumer',
        sort: 'consumer_tag',
        filter: 'consumer_tag',
        show: (m) => m.consumer_tag ?? 'basic.get',
    },
    { key: 'tag', label: 'Delivery tag', sort: 'delivery_tag', numeric: true, show: (m) => m.delivery_tag },
];

/** Who holds its messages, and for how long. To get them back: the channel's page, requeue. */
export const Held = ({ at }: { at: string }) => (
    <Section title="Unacknowledged">
        <ListTable
            id="held"
            what="messages"
            part
            whole
            search={false}
            path={`${at}/unacked`}
            columns={columns}
            sort="unacked_for_seconds"
            down
            rowKey={(row) => `${row.channel_name} ${row.delivery_tag}`}
            empty={<p>Nobody holds a message of this queue.</p>}
        />
    </Section>
);
