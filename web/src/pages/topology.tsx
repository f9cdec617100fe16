import type { ComponentChildren } from 'preact';
import { path, send } from '../api/request';
import type { Table, Value } from '../api/types/common';
import { vhosts } from '../api/vhosts';
import { Action, type Field, vhostField } from '../parts/Action';
import { Badge } from '../parts/Badge';
import type { Column } from '../parts/table/column';
import { ListTable } from '../parts/table/ListTable';
import { readTable, tableHint } from '../parts/tableText';

/** What queues and exchanges have alike. */
export interface Named {
    name: string;
    vhost: string;
    type: string;
    durable: boolean;
    auto_delete: boolean;
    exclusive?: boolean;
    internal?: boolean;
    arguments: Table;
    policy?: string | null;
    operator_policy?: string | null;
}

const short: { [argument: string]: string } = {
    'alternate-exchange': 'AE',
    'x-message-ttl': 'TTL',
    'x-expires': 'expires',
    'x-max-length': 'max length',
    'x-max-length-bytes': 'max bytes',
    'x-overflow': 'overflow',
    'x-max-priority': 'priorities',
    'x-dead-letter-exchange': 'DLX',
    'x-dead-letter-routing-key': 'DLK',
    'x-single-active-consumer': 'SAC',
    'x-delivery-limit': 'delivery limit',
    'x-message-deduplication': 'deduplication',
};

/** What is not usual about a queue or exchange. */
export const Features = ({ of }: { of: Named }) => (
    <>
        {!of.durable && <Badge tone="quiet">transient</Badge>}
        {of.exclusive && <Badge tone="quiet">exclusive</Badge>}
        {of.auto_delete && <Badge tone="quiet">auto-delete</Badge>}
        {of.internal && (
            <Badge tone="quiet" title="Clients cannot publish to it">
                internal
            </Badge>
        )}
        {Object.entries(of.arguments ?? {})
            .filter(([name]) => name !== 'x-queue-type')
            .map(([name, value]) => (
                <Badge key={name} tone="quiet" title={`${name} = ${JSON.stringify(value)}`}>
                    {short[name] ?? name}
                </Badge>
            ))}
        {of.policy && <Badge title="Policy">{of.policy}</Badge>}
        {of.operator_policy && <Badge title="Operator policy">{of.operator_policy}</Badge>}
    </>
);

export const factsOf = (of: Named): [string, string][] => [
    ['Type', of.type],
    ['Durable', of.durable ? 'yes' : 'no'],
    ['Auto-delete', of.auto_delete ? 'yes' : 'no'],
    ['Policy', of.policy ?? 'none'],
];

interface Props<T extends Named> {
    /** In the address and the API: queues. */
    kind: string;
    /** One of them: queue. */
    noun: string;
    title: string;
    link: (of: T) => ComponentChildren;
    /** Besides name, virtual host, type and features. */
    columns: Column<T>[];
    sort: string;
    down?: boolean;
    empty: ComponentChildren;
    /** Of the form that adds one, and what they come to in its declaration. */
    fields: Field[];
    /** Arguments to choose from. */
    arguments: { [name: string]: string };
    declare: (values: { [field: string]: string }) => { [key: string]: Value };
}

/** The list of all queues or all exchanges. */
export function NamedList<T extends Named>({ kind, noun, title, link, ...props }: Props<T>) {
    const columns: Column<T>[] = [
        { key: 'name', label: title.slice(0, -1), sort: 'name', filter: 'name', show: link },
        { key: 'vhost', label: 'Vhost', sort: 'vhost', filter: 'vhost', show: (of) => of.vhost },
        { key: 'type', label: 'Type', sort: 'type', filter: 'type', show: (of) => of.type },
        {
            key: 'features',
            label: 'Features',
            fields: ['durable', 'exclusive', 'auto_delete', 'internal', 'arguments', 'policy', 'operator_policy'],
            show: (of) => <Features of={of} />,
        },
        ...props.columns,
    ];
    return (
        <>
            <h1>{title}</h1>
            <ListTable
                id={kind}
                what={kind}
                path={`/api/${kind}`}
                columns={columns}
                need={['name', 'vhost']}
                sort={props.sort}
                down={props.down ?? false}
                rowKey={(row) => `${row.vhost}/${row.name}`}
                empty={props.empty}
                tools={
                    vhosts.value?.length !== 0 && (
                        <Action
                            label={`Add ${noun}…`}
                            title={`Add ${noun === 'exchange' ? 'an' : 'a'} ${noun}`}
                            primary
                            done={`The ${noun} is there`}
                            fields={[
                                vhostField(),
                                { name: 'name', label: 'Name', required: true },
                                ...props.fields,
                                {
                                    name: 'arguments',
                                    label: 'Arguments',
                                    kind: 'area',
                                    hint: tableHint,
                                    names: props.arguments,
                                },
                            ]}
                            run={({ vhost = '/', name = '', arguments: given = '', ...values }) => {
                                const { arguments: more, ...declared } = props.declare(values);
                                return send('PUT', path(kind, vhost, name), {
                                    durable: values['durable'] === 'true',
                                    auto_delete: values['auto_delete'] === 'true',
                                    ...declared,
                                    arguments: { ...readTable(given), ...(more as Table | undefined) },
                                });
                            }}
                        />
                    )
                }
            />
        </>
    );
}

export const durable: Field = {
    name: 'durable',
    label: 'Durable: it is there after a restart',
    kind: 'check',
    value: true,
};
