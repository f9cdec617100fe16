import { path, send } from '../../api/request';
import { may } from '../../api/session';
import type { Limits as Data } from '../../api/types/accounts';
import { Action, vhostField } from '../../parts/Action';
import { Section } from '../../parts/Facts';
import { ListTable } from '../../parts/table/ListTable';

const names = { vhost: ['max-connections', 'max-queues'], user: ['max-connections', 'max-channels'] };

interface Props {
    title: string;
    of: 'vhost' | 'user';
    /** Its name; without it they are those of all. */
    only?: string;
}

/** Of virtual hosts or of users, all of them or of one. */
export function LimitsOf({ title, of, only }: Props) {
    const base = of === 'vhost' ? 'vhost-limits' : 'user-limits';
    const noun = of === 'vhost' ? 'virtual host' : 'user';
    return (
        <Section
            title={title}
            actions={
                may.administer.value && (
                    <Action
                        label="Set a limit…"
                        title={`A limit of a ${noun}`}
                        primary
                        done="The limit counts from now on"
                        explain={<p>Who is above it stays; nobody comes until there is room. 0 allows none.</p>}
                        fields={[
                            ...(only !== undefined
                                ? []
                                : of === 'vhost'
                                  ? [{ ...vhostField(), name: 'of' }]
                                  : [{ name: 'of', label: 'User', required: true }]),
                            { name: 'limit', label: 'Limit', kind: 'choice' as const, choices: names[of] },
                            { name: 'value', label: 'At most', kind: 'number' as const, min: 0, required: true },
                        ]}
                        run={({ of: whose = only ?? '', limit = '', value }) =>
                            send('PUT', path(base, whose, limit), { value: Number(value) })
                        }
                    />
                )
            }
        >
            <ListTable<Data>
                id={`${of}-limits`}
                what={`limits of ${noun}s`}
                part
                whole
                search={false}
                path={only === undefined ? `/api/${base}` : path(base, only)}
                rowKey={(row) => row.vhost ?? row.user ?? ''}
                columns={[
                    {
                        key: 'of',
                        label: of === 'vhost' ? 'Virtual host' : 'User',
                        sort: of,
                        show: (l) => l.vhost ?? l.user,
                    },
                    ...names[of].map((name) => ({
                        key: name,
                        label: name,
                        show: (l: Data) =>
                            l.value[name] !== undefined && (
                                <>
                                    {l.value[name]}{' '}
                                    {may.administer.value && (
                                        <Action
                                            label="Remove…"
                                            compact
                                            danger
                                            title={`Remove ${name}?`}
                                            done="Now the configuration counts again"
                                            explain={<p>Then what the configuration says counts for it again.</p>}
                                            run={() => send('DELETE', path(base, l.vhost ?? l.user ?? '', name))}
                                        />
                                    )}
                                </>
                            ),
                    })),
                ]}
                empty={<p>None of its own: what the configuration says counts.</p>}
            />
        </Section>
    );
}

export function Limits() {
    return (
        <>
            <h1>Limits</h1>
            <LimitsOf title="Of virtual hosts" of="vhost" />
            <LimitsOf title="Of users" of="user" />
        </>
    );
}
