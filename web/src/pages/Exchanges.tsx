import type { Exchange } from '../api/types/topology';
import { exchangeArguments } from '../parts/argumentNames';
import { ExchangeLink } from '../parts/links';
import { rateColumn } from '../parts/table/column';
import { durable, NamedList } from './topology';

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

export const Exchanges = () => (
    <NamedList<Exchange>
        kind="exchanges"
        noun="exchange"
        title="Exchanges"
        link={(e) => <ExchangeLink vhost={e.vhost} name={e.name} />}
        sort="name"
        columns={[
            rateColumn('in', 'In', 'message_stats.publish_in', (e) => e.message_stats?.publish_in_details),
            rateColumn('out', 'Out', 'message_stats.publish_out', (e) => e.message_stats?.publish_out_details),
        ]}
        empty={<p>There is no virtual host that your user may see: an administrator can give it permissions.</p>}
        fields={[
            { name: 'type', label: 'Type', kind: 'choice', choices: types },
            durable,
            { name: 'auto_delete', label: 'Auto-delete: it goes with its last binding', kind: 'check' },
            { name: 'internal', label: 'Internal: only other exchanges lead to it', kind: 'check' },
        ]}
        arguments={exchangeArguments}
        declare={({ type = 'direct', internal }) => ({ type, internal: internal === 'true' })}
    />
);
