import { thatAreSeen } from '../api/session';
import { ListTable } from '../parts/table/ListTable';
import { Snippet } from '../parts/Snippet';
import { channelColumns } from './channels/columns';

export function Channels() {
    return (
        <>
            <h1>Channels</h1>
            <ListTable
                id="channels"
                what="channels"
                path="/api/channels"
                columns={channelColumns}
                rowKey={(row) => row.name}
                need={['name']}
                sort="messages_unacknowledged"
                down
                empty={
                    <>
                        <p>No channel is open{thatAreSeen.value}. A client opens one on its connection:</p>
                        <Snippet />
                    </>
                }
            />
        </>
    );
}
