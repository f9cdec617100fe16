import type { ComponentProps } from 'preact';
import { useLive } from '../../api/live';
import { path, send } from '../../api/request';
import type { Permission, TopicPermission, User as Data } from '../../api/types/accounts';
import { useVHosts } from '../../api/vhosts';
import { Action } from '../../parts/Action';
import { Badge } from '../../parts/Badge';
import { Section } from '../../parts/Facts';
import { Gone } from '../../parts/Gone';
import { Problem, Waiting } from '../../parts/Problem';
import { go, href } from '../../parts/router';
import type { Column } from '../../parts/table/column';
import { ListTable } from '../../parts/table/ListTable';
import { LimitsOf } from './Limits';
import { tagsHint } from './Users';

export function User({ name }: { name: string }) {
    const at = path('users', name);
    const { data, error } = useLive<Data>(at, 2000);
    const vhosts = useVHosts();
    if (!data || error?.status === 404) {
        if (!error) return <Waiting />;
        return error.status === 404 ? <Gone what="user" name={name} back={['users']} /> : <Problem error={error} />;
    }
    return (
        <>
            <header class="title">
                <h1>
                    <small>User</small>
                    {name}
                </h1>
                {data.tags.map((tag) => (
                    <Badge key={tag}>{tag}</Badge>
                ))}
                <span class="actions">
                    <Action
                        label="Tags…"
                        title={`Tags of ${name}`}
                        done="The tags are set, and count at once"
                        fields={[{ name: 'tags', label: 'Tags', value: data.tags.join(', '), hint: tagsHint }]}
                        run={({ tags }) => send('PUT', at, { tags, password_hash: data.password_hash })}
                    />
                    <Action
                        label="Password…"
                        title={`Another password for ${name}`}
                        done="The password is another one"
                        explain={<p>Open connections stay; the next login needs the new one.</p>}
                        fields={[{ name: 'password', label: 'Password', kind: 'password', required: true }]}
                        run={({ password }) => send('PUT', at, { password, tags: data.tags })}
                    />
                    <Action
                        label="Close connections…"
                        danger
                        title={`Close all connections of ${name}?`}
                        done="Its clients were told"
                        explain={
                            <p>
                                Most clients connect again by themselves: change the password or the permissions first
                                if they should not.
                            </p>
                        }
                        fields={[{ name: 'reason', label: 'Reason', value: 'Closed via management plugin' }]}
                        run={({ reason = '' }) => send('DELETE', path('connections', 'username', name), null, reason)}
                    />
                    <Action
                        label="Delete…"
                        danger
                        title={`Delete the user ${name}?`}
                        typed={name}
                        done="The user is deleted"
                        explain={<p>Its permissions go with it, and its connections are closed.</p>}
                        run={async () => {
                            await send('DELETE', at);
                            go(['users']);
                        }}
                    />
                </span>
            </header>
            {error && <Problem error={error} />}
            <p>
                <a href={href(['connections'], { 'f.user': name })}>Its connections</a> ·{' '}
                <a href={href(['channels'], { 'f.user': name })}>Its channels</a>
            </p>
            <Section title="Permissions" actions={<SetPermission user={name} vhosts={vhosts} />}>
                <RightsTable<Permission>
                    what="permissions"
                    path={`${at}/permissions`}
                    of={[{ key: 'configure', label: 'Configure', show: (p) => <code>{p.configure}</code> }]}
                    rowKey={(p) => p.vhost}
                    empty="None: it cannot connect. Give it some in a virtual host."
                    takeAway={(p) => ({
                        title: `Take away all permissions in ${p.vhost}?`,
                        done: 'The permissions are taken away',
                        explain: <p>It counts at once: publishes are refused and consumers cancelled.</p>,
                        run: () => send('DELETE', path('permissions', p.vhost, name)),
                    })}
                />
            </Section>
            <Section title="Topic permissions" actions={<SetTopicPermission user={name} vhosts={vhosts} />}>
                <RightsTable<TopicPermission>
                    what="topic permissions"
                    path={`${at}/topic-permissions`}
                    of={[
                        {
                            key: 'exchange',
                            label: 'Exchange',
                            sort: 'exchange',
                            show: (p) => p.exchange || '(default)',
                        },
                    ]}
                    rowKey={(p) => `${p.vhost} ${p.exchange}`}
                    empty="None: it may use all routing keys."
                    takeAway={(p) => ({
                        title: `Take away the topic permissions on ${p.exchange}?`,
                        done: 'Now all keys are allowed there',
                        explain: <p>Without any, all routing keys are allowed.</p>,
                        run: () =>
                            send(
                                'DELETE',
                                `${path('topic-permissions', p.vhost, name)}?exchange=${encodeURIComponent(p.exchange)}`,
                            ),
                    })}
                />
            </Section>
            <LimitsOf title="Limits" of="user" only={name} />
        </>
    );
}

interface RightsProps<T> {
    what: string;
    path: string;
    /** Between the virtual host and what may be written and read. */
    of: Column<T>[];
    rowKey: (row: T) => string;
    empty: string;
    takeAway: (row: T) => Pick<ComponentProps<typeof Action>, 'title' | 'done' | 'explain' | 'run'>;
}

/** What it may do in virtual hosts, or with topics. */
const RightsTable = <T extends { vhost: string; write: string; read: string }>(props: RightsProps<T>) => (
    <ListTable<T>
        id={props.what.replace(' ', '-')}
        what={props.what}
        part
        whole
        search={false}
        path={props.path}
        rowKey={props.rowKey}
        sort="vhost"
        columns={[
            { key: 'vhost', label: 'Virtual host', sort: 'vhost', show: (p) => p.vhost },
            ...props.of,
            { key: 'write', label: 'Write', show: (p) => <code>{p.write}</code> },
            { key: 'read', label: 'Read', show: (p) => <code>{p.read}</code> },
            {
                key: 'actions',
                label: 'Actions',
                show: (p) => <Action label="Take away…" compact danger {...props.takeAway(p)} />,
            },
        ]}
        empty={<p>{props.empty}</p>}
    />
);

const SetPermission = ({ user, vhosts }: { user: string; vhosts: string[] }) => (
    <Action
        label="Set…"
        title={`Permissions of ${user}`}
        primary
        done="The permissions are set, and count at once"
        explain={<p>Regular expressions over names; an empty one matches nothing.</p>}
        fields={[
            { name: 'vhost', label: 'Virtual host', kind: 'choice', choices: vhosts },
            { name: 'configure', label: 'Configure: declare and delete', value: '.*' },
            { name: 'write', label: 'Write: publish, bind to', value: '.*' },
            { name: 'read', label: 'Read: consume, bind from', value: '.*' },
        ]}
        run={({ vhost = '/', ...rights }) => send('PUT', path('permissions', vhost, user), rights)}
    />
);

const SetTopicPermission = ({ user, vhosts }: { user: string; vhosts: string[] }) => (
    <Action
        label="Set…"
        title={`Topic permissions of ${user}`}
        primary
        done="The topic permissions are set"
        explain={
            <p>
                Regular expressions over routing keys; {'{username}'} and {'{vhost}'} stand for the names.
            </p>
        }
        fields={[
            { name: 'vhost', label: 'Virtual host', kind: 'choice', choices: vhosts },
            { name: 'exchange', label: 'Topic exchange', value: 'amq.topic', required: true },
            { name: 'write', label: 'Write: keys to publish with', value: '.*' },
            { name: 'read', label: 'Read: keys to bind with', value: '.*' },
        ]}
        run={({ vhost = '/', ...rights }) => send('PUT', path('topic-permissions', vhost, user), rights)}
    />
);
