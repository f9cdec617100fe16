import { mayManage, thatAreSeen } from '../api/session';
import type { Consumer } from '../api/types/clients';
import { ClientLink, QueueLink } from '../parts/links';
import { Snippet } from '../parts/Snippet';
import type { Column } from '../parts/table/column';
import { ListTable } from '../parts/table/ListTable';
import { oneLine } from '../parts/ValueTree';
import { ConsumerActions, ConsumerMode } from './channels/ConsumersOf';

const columns: Column<Consumer>[] = [
    {
        key: 'queue',
        label: 'Queue',
        sort: 'queue.name',
        filter: 'queue.name',
        show: (c) => <QueueLink vhost={c.queue.vhost} name={c.queue.name} />,
    },
    { key: 'vhost', label: 'Vhost', sort: 'queue.vhost', filter: 'queue.vhost', show: (c) => c.queue.vhost },
    { key: 'tag', label: 'Tag', sort: 'consumer_tag', filter: 'consumer_tag', show: (c) => c.consumer_tag },
    {
        key: 'channel',
        label: 'Channel',
        sort: 'channel_details.user_provided_name',
        filter: 'channel_details.user_provided_name',
        hint: 'What the client calls it, the number of the channel, and where it comes from',
        show: (c) => <ClientLink of={c.channel_details} />,
    },
    {
        key: 'user',
        label: 'User',
        sort: 'channel_details.user',
        filter: 'channel_details.user',
        show: (c) => c.channel_details.user,
    },
    { key: 'mode', label: 'Mode', sort: 'ack_required', show: (c) => <ConsumerMode of={c} /> },
    {
        key: 'prefetch',
        label: 'Prefetch',
        sort: 'prefetch_count',
        filter: 'prefetch_count',
        numeric: true,
        show: (c) => c.prefetch_count || '∞',
    },
    {
        key: 'priority',
        label: 'Priority',
        sort: 'priority',
        filter: 'priority',
        numeric: true,
        usual: false,
        show: (c) => c.priority,
    },
    { key: 'arguments', label: 'Arguments', usual: false, show: (c) => oneLine(c.arguments) },
    { key: 'actions', label: 'Actions', show: (c) => mayManage(c.channel_details.user) && <ConsumerActions of={c} /> },
];

export function Consumers() {
    return (
        <>
            <h1>Consumers</h1>
            <ListTable
                id="consumers"
                what="consumers"
                path="/api/consumers"
                columns={columns}
                whole
                sort="queue.name"
                rowKey={(row) => `${row.channel_details.name} ${row.consumer_tag}`}
                empty={
                    <>
                        <p>
                            There is no consumer{thatAreSeen.value}. A client begins with basic.consume; a first
                            program:
                        </p>
                        <Snippet purpose="consume" />
                    </>
                }
            />
        </>
    );
}
