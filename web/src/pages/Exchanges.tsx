import { path, send } from '../api/request';
import type { Exchange } from '../api/types/topology';
import { perSecond } from '../api/units';
import { useVHosts } from '../api/vhosts';
import { Action } from '../parts/Action';
import { Badge } from '../parts/Badge';
import { ExchangeLink } from '../parts/links';
import type { Column } from '../parts/table/column';
import { ListTable } from '../parts/table/ListTable';
import { readTable, tableHint } from '../parts/tableText';

const types = [
    'direct',
    'fanout',
    'topic',
    'headers',
    'x-consistent-hash',
    'x-modulus-hash',
    'x-recent-history',
    'x-random',
    'x-local-random',
    'x-delayed-message',
];

const columns: Column<Exchange>[] = [
    {
        key: 'name',
        label: 'Exchange',
        sort: 'name',
        filter: 'name',
        show: (e) => <ExchangeLink vhost={e.vhost} name={e.name} />,
    },
    { key: 'vhost', label: 'Virtual host', sort: 'vhost', filter: 'vhost', show: (e) => e.vhost },
    { key: 'type', label: 'Type', sort: 'type', filter: 'type', show: (e) => e.type },
    {
        key: 'features',
        label: 'Features',
        fields: ['durable', 'auto_delete', 'internal', 'arguments', 'policy'],
        show: (e) => <ExchangeFeatures of={e} />,
    },
    {
        key: 'in',
        label: 'In',
        sort: 'message_stats.publish_in_details.rate',
        numeric: true,
        show: (e) => perSecond(e.message_stats?.publish_in_details?.rate),
    },
    {
        key: 'out',
        label: 'Out',
        sort: 'message_stats.publish_out_details.rate',
        numeric: true,
        show: (e) => perSecond(e.message_stats?.publish_out_details?.rate),
    },
];

export const ExchangeFeatures = ({ of }: { of: Exchange }) => (
    <>
        {!of.durable && <Badge tone="quiet">transient</Badge>}
        {of.auto_delete && <Badge tone="quiet">auto-delete</Badge>}
        {of.internal && (
            <Badge tone="quiet" title="Clients cannot publish to it">
                internal
            </Badge>
        )}
        {Object.entries(of.arguments ?? {}).map(([name, value]) => (
            <Badge key={name} tone="quiet" title={`${name} = ${JSON.stringify(value)}`}>
                {name}
            </Badge>
        ))}
        {of.policy && <Badge title="Policy">{of.policy}</Badge>}
    </>
);

export function Exchanges() {
    const vhosts = useVHosts();
    return (
        <>
            <h1>Exchanges</h1>
            <ListTable
                id="exchanges"
                what="exchanges"
                path="/api/exchanges"
                columns={columns}
                need={['name', 'vhost']}
                sort="name"
                rowKey={(row) => `${row.vhost}/${row.name}`}
                empty={<p>There is no virtual host that your user may see.</p>}
                tools={
                    <Action
                        label="Add exchange…"
                        title="Add an exchange"
                        primary
                        done="The exchange is there"
                        fields={[
                            { name: 'vhost', label: 'Virtual host', kind: 'choice', choices: vhosts },
                            { name: 'name', label: 'Name', required: true },
                            { name: 'type', label: 'Type', kind: 'choice', choices: types },
                            {
                                name: 'durable',
                                label: 'Durable: it is there after a restart',
                                kind: 'check',
                                value: true,
                            },
                            { name: 'auto_delete', label: 'Auto-delete: it goes with its last binding', kind: 'check' },
                            { name: 'internal', label: 'Internal: only other exchanges lead to it', kind: 'check' },
                            { name: 'arguments', label: 'Arguments', kind: 'area', hint: tableHint },
                        ]}
                        run={({
                            vhost = '/',
                            name = '',
                            type,
                            durable,
                            auto_delete: autoDelete,
                            internal,
                            arguments: given = '',
                        }) =>
                            send('PUT', path('exchanges', vhost, name), {
                                type,
                                durable: durable === 'true',
                                auto_delete: autoDelete === 'true',
                                internal: internal === 'true',
                                arguments: readTable(given),
                            })
                        }
                    />
                }
            />
        </>
    );
}
