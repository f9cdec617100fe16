import { path, send } from '../../api/request';
import type { Binding } from '../../api/types/topology';
import { Action, type Field } from '../../parts/Action';
import { Section } from '../../parts/Facts';
import { ExchangeLink, nameOfExchange, QueueLink } from '../../parts/links';
import type { Column } from '../../parts/table/column';
import { ListTable } from '../../parts/table/ListTable';
import { readTable, tableHint } from '../../parts/tableText';
import { oneLine } from '../../parts/ValueTree';

const between = (vhost: string, source: string, isQueue: boolean, destination: string) =>
    path('bindings', vhost, 'e', nameOfExchange(source), isQueue ? 'q' : 'e', destination);

const source: Column<Binding> = {
    key: 'source',
    label: 'From',
    sort: 'source',
    filter: 'source',
    show: (b) => <ExchangeLink vhost={b.vhost} name={b.source} />,
};
const destination: Column<Binding> = {
    key: 'destination',
    label: 'To',
    sort: 'destination',
    filter: 'destination',
    show: (b) =>
        b.destination_type === 'queue' ? (
            <>
                queue <QueueLink vhost={b.vhost} name={b.destination} />
            </>
        ) : (
            <>
                exchange <ExchangeLink vhost={b.vhost} name={b.destination} />
            </>
        ),
};
const rest: Column<Binding>[] = [
    { key: 'key', label: 'Routing key', sort: 'routing_key', filter: 'routing_key', show: (b) => b.routing_key },
    { key: 'arguments', label: 'Arguments', show: (b) => oneLine(b.arguments) },
    {
        key: 'actions',
        label: 'Actions',
        show: (b) =>
            b.source !== '' && (
                <Action
                    label="Unbind…"
                    compact
                    danger
                    title="Remove this binding?"
                    done="The binding is gone"
                    explain={
                        <p>
                            Messages with the key <code>{b.routing_key || '(empty)'}</code> no longer go from{' '}
                            <code>{b.source}</code> to <code>{b.destination}</code> by it.
                        </p>
                    }
                    run={() =>
                        send(
                            'DELETE',
                            `${between(b.vhost, b.source, b.destination_type === 'queue', b.destination)}/${encodeURIComponent(b.properties_key)}`,
                        )
                    }
                />
            ),
    },
];

const keyAndArguments: Field[] = [
    { name: 'key', label: 'Routing key' },
    { name: 'arguments', label: 'Arguments', kind: 'area', hint: tableHint },
];

type Ends = { vhost: string; queue: string; exchange?: never } | { vhost: string; exchange: string; queue?: never };

/** Of a queue those that end there, of an exchange those that start there. */
export function Bindings({ vhost, queue, exchange }: Ends) {
    const isQueue = queue !== undefined;
    const name = isQueue ? queue : nameOfExchange(exchange);
    const add = isQueue ? (
        <Action
            label="Bind…"
            title={`Bind ${name}`}
            primary
            done="It is bound"
            fields={[{ name: 'source', label: 'From the exchange', required: true }, ...keyAndArguments]}
            run={({ source: from = '', key, arguments: given = '' }) =>
                send('POST', between(vhost, from, true, queue), { routing_key: key, arguments: readTable(given) })
            }
        />
    ) : (
        exchange !== '' && (
            <Action
                label="Bind…"
                title={`Bind something to ${name}`}
                primary
                done="It is bound"
                fields={[
                    {
                        name: 'kind',
                        label: 'To',
                        kind: 'choice',
                        choices: [
                            ['q', 'a queue'],
                            ['e', 'an exchange'],
                        ],
                    },
                    { name: 'to', label: 'Its name', required: true },
                    ...keyAndArguments,
                ]}
                run={({ kind, to = '', key, arguments: given = '' }) =>
                    send('POST', between(vhost, exchange, kind === 'q', to), {
                        routing_key: key,
                        arguments: readTable(given),
                    })
                }
            />
        )
    );
    return (
        <Section title={isQueue ? 'Bindings to it' : 'Bindings from it'} actions={add}>
            <ListTable<Binding>
                id={isQueue ? 'bindings-to' : 'bindings-from'}
                what="bindings"
                part
                whole
                search={false}
                path={isQueue ? path('bindings', vhost) : `${path('exchanges', vhost, name)}/bindings/source`}
                fixed={isQueue ? { 'filter.destination': `=${queue}`, 'filter.destination_type': 'queue' } : {}}
                columns={isQueue ? [source, ...rest] : [destination, ...rest]}
                rowKey={(row) => `${row.source} ${row.destination_type} ${row.destination} ${row.properties_key}`}
                empty={
                    <p>
                        {isQueue
                            ? 'Only the default exchange leads here, with the name of the queue as the key.'
                            : 'Nothing is bound: what is published here goes nowhere.'}
                    </p>
                }
            />
        </Section>
    );
}
