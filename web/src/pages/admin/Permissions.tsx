import type { ComponentProps } from 'preact';
import { path, send } from '../../api/request';
import type { Permission, TopicPermission } from '../../api/types/accounts';
import { Action, vhostField, type Field } from '../../parts/Action';
import { Section } from '../../parts/Facts';
import { href } from '../../parts/router';
import type { Column } from '../../parts/table/column';
import { ListTable } from '../../parts/table/ListTable';

/** Of one user in all virtual hosts, or in one virtual host of all users. */
type Whose = { of: 'user' | 'vhost'; name: string };

export const Permissions = (whose: Whose) => (
    <Rights<Permission>
        {...whose}
        title="Permissions"
        kind="permissions"
        columns={[{ key: 'configure', label: 'Configure', show: (p) => <code>{p.configure}</code> }]}
        rowKey={(p) => `${p.vhost} ${p.user}`}
        empty={
            whose.of === 'user'
                ? 'None: it cannot connect. Give it some in a virtual host.'
                : 'Nobody may connect to it: give a user some.'
        }
        set={{
            title: `Permissions ${whose.of === 'user' ? 'of' : 'in'} ${whose.name}`,
            done: 'The permissions are set, and count at once',
            explain: <p>Regular expressions over names; an empty one matches nothing.</p>,
            fields: [
                { name: 'configure', label: 'Configure: declare and delete', value: '.*' },
                { name: 'write', label: 'Write: publish, bind to', value: '.*' },
                { name: 'read', label: 'Read: consume, bind from', value: '.*' },
            ],
        }}
        takeAway={(p) => ({
            title: `Take away all permissions of ${p.user} in ${p.vhost}?`,
            done: 'The permissions are taken away',
            explain: <p>It counts at once: publishes are refused and consumers cancelled.</p>,
            run: () => send('DELETE', path('permissions', p.vhost, p.user)),
        })}
    />
);

export const TopicPermissions = (whose: Whose) => (
    <Rights<TopicPermission>
        {...whose}
        title="Topic permissions"
        kind="topic-permissions"
        columns={[{ key: 'exchange', label: 'Exchange', sort: 'exchange', show: (p) => p.exchange || '(default)' }]}
        rowKey={(p) => `${p.vhost} ${p.user} ${p.exchange}`}
        empty={whose.of === 'user' ? 'None: it may use all routing keys.' : 'None: all may use all routing keys.'}
        set={{
            title: `Topic permissions ${whose.of === 'user' ? 'of' : 'in'} ${whose.name}`,
            done: 'The topic permissions are set',
            explain: (
                <p>
                    Regular expressions over routing keys; {'{username}'} and {'{vhost}'} stand for the names.
                </p>
            ),
            fields: [
                { name: 'exchange', label: 'Topic exchange', value: 'amq.topic', hint: 'Empty: the default one' },
                { name: 'write', label: 'Write: keys to publish with', value: '.*' },
                { name: 'read', label: 'Read: keys to bind with', value: '.*' },
            ],
        }}
        takeAway={(p) => ({
            title: `Take away the topic permissions of ${p.user} on ${p.exchange || '(default)'}?`,
            done: 'Now all keys are allowed there',
            explain: <p>Without any, all routing keys are allowed.</p>,
            run: () =>
                send(
                    'DELETE',
                    `${path('topic-permissions', p.vhost, p.user)}?exchange=${encodeURIComponent(p.exchange)}`,
                ),
        })}
    />
);

interface Right {
    user: string;
    vhost: string;
    write: string;
    read: string;
}

interface RightsProps<T> extends Whose {
    title: string;
    /** In the API. */
    kind: 'permissions' | 'topic-permissions';
    /** Between whose they are and what may be written and read. */
    columns: Column<T>[];
    rowKey: (row: T) => string;
    empty: string;
    set: { title: string; done: string; explain: ComponentProps<typeof Action>['explain']; fields: Field[] };
    takeAway: (row: T) => Pick<ComponentProps<typeof Action>, 'title' | 'done' | 'explain' | 'run'>;
}

function Rights<T extends Right>({ of, name, title, kind, columns, rowKey, empty, set, takeAway }: RightsProps<T>) {
    const other: Column<T> =
        of === 'user'
            ? {
                  key: 'vhost',
                  label: 'Virtual host',
                  sort: 'vhost',
                  show: (p) => <a href={href(['vhosts', p.vhost])}>{p.vhost}</a>,
              }
            : { key: 'user', label: 'User', sort: 'user', show: (p) => <a href={href(['users', p.user])}>{p.user}</a> };
    const otherField: Field = of === 'user' ? vhostField() : { name: 'user', label: 'User', required: true };
    return (
        <Section
            title={title}
            actions={
                <Action
                    label="Set…"
                    primary
                    {...set}
                    fields={[otherField, ...set.fields]}
                    run={({ vhost = name, user = name, ...rights }) => send('PUT', path(kind, vhost, user), rights)}
                />
            }
        >
            <ListTable<T>
                id={kind}
                what={title.toLowerCase()}
                part
                whole
                search={false}
                path={path(`${of}s`, name, kind)}
                rowKey={rowKey}
                sort={other.key}
                columns={[
                    other,
                    ...columns,
                    { key: 'write', label: 'Write', show: (p) => <code>{p.write}</code> },
                    { key: 'read', label: 'Read', show: (p) => <code>{p.read}</code> },
                    {
                        key: 'actions',
                        label: 'Actions',
                        show: (p) => <Action label="Take away…" compact danger {...takeAway(p)} />,
                    },
                ]}
                empty={<p>{empty}</p>}
            />
        </Section>
    );
}
