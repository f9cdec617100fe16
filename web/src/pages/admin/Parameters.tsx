import { add, path, send } from '../../api/request';
import { may } from '../../api/session';
import type { Value } from '../../api/types/common';
import { Action, type Field, vhostField } from '../../parts/Action';
import { Badge } from '../../parts/Badge';
import { Section } from '../../parts/Facts';
import { ListTable } from '../../parts/table/ListTable';
import { readValue } from '../../parts/tableText';

interface Parameter {
    name: string;
    value: Value;
    vhost?: string | null;
    component?: string | null;
}
interface Feature {
    name: string;
    state: string;
    stability: string;
}

const value = (of?: Value): Field => ({
    name: 'value',
    label: 'Value',
    kind: 'area',
    required: true,
    value: of === undefined ? '' : JSON.stringify(of, null, 2),
    hint: 'JSON; what is none is taken as text',
});

const columns = (at: (p: Parameter) => string, mayChange: boolean) => [
    { key: 'value', label: 'Value', show: (p: Parameter) => <code class="reason">{JSON.stringify(p.value)}</code> },
    {
        key: 'actions',
        label: 'Actions',
        show: (p: Parameter) =>
            mayChange && (
                <>
                    <Action
                        label="Change…"
                        compact
                        title={p.name}
                        fields={[value(p.value)]}
                        done="It is changed"
                        run={({ value: text = '' }) => send('PUT', at(p), bodyOf(p, readValue(text)))}
                    />{' '}
                    <Action
                        label="Delete…"
                        compact
                        danger
                        title={`Delete ${p.name}?`}
                        explain={<p>What reads it goes on as if it had never been set.</p>}
                        done="It is gone"
                        run={() => send('DELETE', at(p))}
                    />
                </>
            ),
    },
];

const atOf = ({ component, vhost, name }: Parameter) => path('parameters', component ?? '', vhost ?? '/', name);
const atGlobal = ({ name }: Parameter) => path('global-parameters', name);
const bodyOf = ({ name, vhost, component }: Parameter, set: Value) => ({ name, vhost, component, value: set });

/** What is kept for extensions and tools, of a virtual host or of all. */
export function Parameters() {
    return (
        <>
            <h1>Parameters</h1>
            <Section title="Of virtual hosts">
                <ListTable<Parameter>
                    id="parameters"
                    what="parameters"
                    part
                    ofVHost
                    whole
                    path="/api/parameters"
                    sort="name"
                    rowKey={(p) => `${p.vhost} ${p.component} ${p.name}`}
                    columns={[
                        { key: 'name', label: 'Name', sort: 'name', filter: 'name', show: (p) => p.name },
                        { key: 'component', label: 'Component', sort: 'component', show: (p) => p.component },
                        { key: 'vhost', label: 'Virtual host', sort: 'vhost', filter: 'vhost', show: (p) => p.vhost },
                        ...columns(atOf, may.setPolicies.value),
                    ]}
                    tools={
                        may.setPolicies.value && (
                            <Action
                                label="Add parameter…"
                                title="Add a parameter"
                                primary
                                done="The parameter is set"
                                fields={[
                                    vhostField(),
                                    { name: 'component', label: 'Component', required: true },
                                    { name: 'name', label: 'Name', required: true },
                                    value(),
                                ]}
                                run={({ value: text = '', ...of }) => {
                                    const parameter = of as unknown as Parameter;
                                    return add(
                                        atOf(parameter),
                                        bodyOf(parameter, readValue(text)),
                                        `a parameter ${parameter.name}`,
                                        'in the list',
                                    );
                                }}
                            />
                        )
                    }
                    empty={<p>None. Tools keep settings here that go with definitions.</p>}
                />
            </Section>
            <Section title="Of the broker">
                <ListTable<Parameter>
                    id="global-parameters"
                    what="global parameters"
                    part
                    whole
                    path="/api/global-parameters"
                    sort="name"
                    rowKey={(p) => p.name}
                    columns={[
                        { key: 'name', label: 'Name', sort: 'name', filter: 'name', show: (p) => p.name },
                        ...columns(atGlobal, may.administer.value),
                    ]}
                    tools={
                        may.administer.value && (
                            <Action
                                label="Add global parameter…"
                                title="Add a global parameter"
                                primary
                                done="The parameter is set"
                                fields={[{ name: 'name', label: 'Name', required: true }, value()]}
                                run={({ name = '', value: text = '' }) =>
                                    add(
                                        path('global-parameters', name),
                                        { name, value: readValue(text) },
                                        `a global parameter ${name}`,
                                        'in the list',
                                    )
                                }
                            />
                        )
                    }
                    empty={<p>None.</p>}
                />
            </Section>
            {may.administer.value && (
                <Section title="Feature flags">
                    <ListTable<Feature>
                        id="feature-flags"
                        what="feature flags"
                        part
                        whole
                        path="/api/feature-flags"
                        sort="name"
                        rowKey={(f) => f.name}
                        columns={[
                            { key: 'name', label: 'Flag', sort: 'name', show: (f) => f.name },
                            {
                                key: 'state',
                                label: 'State',
                                sort: 'state',
                                show: (f) => <Badge tone="good">{f.state}</Badge>,
                            },
                            { key: 'stability', label: 'Stability', show: (f) => f.stability },
                        ]}
                        empty={<p>None.</p>}
                    />
                    <p class="quiet">RabbitMQ’s flags; all that they stand for is always on here.</p>
                </Section>
            )}
        </>
    );
}
