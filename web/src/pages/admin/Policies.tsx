import { add, path, send } from '../../api/request';
import { may } from '../../api/session';
import type { Policy } from '../../api/types/accounts';
import { Action, type Field, vhostField } from '../../parts/Action';
import { policyNames } from '../../parts/argumentNames';
import { href, place } from '../../parts/router';
import type { Column } from '../../parts/table/column';
import { ListTable } from '../../parts/table/ListTable';
import { Tabs } from '../../parts/Tabs';
import { readTable, writeValue } from '../../parts/tableText';
import { oneLine } from '../../parts/ValueTree';

const targets = ['all', 'queues', 'exchanges', 'classic_queues', 'quorum_queues'];
const hint = 'One a line: max-length = 10000. A click on a name writes it there. "42" in quotes stays a text.';

const fields = (p?: Policy): Field[] => [
    {
        name: 'pattern',
        label: 'Names that match',
        value: p?.pattern ?? '',
        required: true,
        hint: 'A regular expression: ^orders\\. is all that begin with orders.',
    },
    { name: 'apply-to', label: 'Applies to', kind: 'choice', choices: targets, value: p?.['apply-to'] ?? 'all' },
    {
        name: 'priority',
        label: 'Priority',
        kind: 'number',
        value: String(p?.priority ?? 0),
        hint: 'Of those that match, the highest counts alone',
    },
    {
        name: 'definition',
        label: 'Settings',
        kind: 'area',
        required: true,
        hint,
        names: policyNames,
        value: p
            ? Object.entries(p.definition)
                  .map(([name, value]) => `${name} = ${writeValue(value)}`)
                  .join('\n')
            : '',
    },
];

const bodyOf = ({ pattern, priority, definition = '', 'apply-to': applyTo }: { [field: string]: string }) => ({
    pattern,
    priority: Number(priority),
    'apply-to': applyTo,
    definition: readTable(definition),
});

export function Policies() {
    const isOperator = place.value.query.get('of') === 'operator';
    const base = isOperator ? 'operator-policies' : 'policies';
    const mayChange = isOperator ? may.administer.value : may.setPolicies.value;
    const columns: Column<Policy>[] = [
        { key: 'name', label: 'Policy', sort: 'name', filter: 'name', show: (p) => p.name },
        { key: 'vhost', label: 'Virtual host', sort: 'vhost', filter: 'vhost', show: (p) => p.vhost },
        { key: 'pattern', label: 'Names that match', sort: 'pattern', show: (p) => <code>{p.pattern}</code> },
        { key: 'apply-to', label: 'Applies to', sort: 'apply-to', filter: 'apply-to', show: (p) => p['apply-to'] },
        { key: 'definition', label: 'Settings', show: (p) => oneLine(p.definition) },
        { key: 'priority', label: 'Priority', sort: 'priority', numeric: true, show: (p) => p.priority },
        {
            key: 'actions',
            label: 'Actions',
            show: (p) =>
                mayChange && (
                    <>
                        <Action
                            label="Change…"
                            compact
                            title={`Policy ${p.name}`}
                            fields={fields(p)}
                            done="The policy is followed"
                            run={(values) => send('PUT', path(base, p.vhost, p.name), bodyOf(values))}
                        />{' '}
                        <Action
                            label="Delete…"
                            compact
                            danger
                            title={`Delete the policy ${p.name}?`}
                            done="The policy is gone"
                            explain={
                                <p>
                                    Queues and exchanges that it counted for follow the next one that matches, or none,
                                    at once.
                                </p>
                            }
                            run={() => send('DELETE', path(base, p.vhost, p.name))}
                        />
                    </>
                ),
        },
    ];
    return (
        <>
            <h1>{isOperator ? 'Operator policies' : 'Policies'}</h1>
            <Tabs
                label="Which policies"
                of={[
                    { label: 'Policies', link: href(['policies']), isShown: !isOperator },
                    { label: 'Operator policies', link: href(['policies'], { of: 'operator' }), isShown: isOperator },
                ]}
            />
            <ListTable
                key={base}
                id={base}
                what="policies"
                path={`/api/${base}`}
                columns={columns}
                whole
                sort="name"
                rowKey={(row) => `${row.vhost}/${row.name}`}
                empty={
                    <p>
                        {isOperator
                            ? 'None. An operator policy caps what users ask for: lengths, times, deliveries, prefetch.'
                            : 'None. A policy gives settings to all queues and exchanges whose names match, at once and without declaring them anew.'}
                    </p>
                }
                tools={
                    mayChange && (
                        <Action
                            label="Add policy…"
                            title={isOperator ? 'Add an operator policy' : 'Add a policy'}
                            primary
                            done="The policy is followed"
                            fields={[vhostField(), { name: 'name', label: 'Name', required: true }, ...fields()]}
                            run={({ vhost = '/', name = '', ...values }) =>
                                add(
                                    path(base, vhost, name),
                                    bodyOf(values),
                                    `${isOperator ? 'an operator policy' : 'a policy'} ${name} in ${vhost}`,
                                    'in the list',
                                )
                            }
                        />
                    )
                }
            />
        </>
    );
}
