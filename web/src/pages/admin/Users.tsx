import { useLive } from '../../api/live';
import { add, path, send } from '../../api/request';
import type { Permission, User } from '../../api/types/accounts';
import { Action } from '../../parts/Action';
import { Badge } from '../../parts/Badge';
import { href } from '../../parts/router';
import type { Column } from '../../parts/table/column';
import { ListTable } from '../../parts/table/ListTable';

export const tagsHint =
    'administrator, monitoring, policymaker, management, impersonator; with commas; none: AMQP only';

const columnsWith = (permissions: Permission[] | undefined): Column<User>[] => [
    {
        key: 'name',
        label: 'User',
        sort: 'name',
        filter: 'name',
        show: (u) => <a href={href(['users', u.name])}>{u.name}</a>,
    },
    {
        key: 'tags',
        label: 'Tags',
        show: (u) =>
            u.tags.map((tag) => (
                <Badge key={tag} tone={tag === 'administrator' ? 'warning' : 'plain'}>
                    {tag}
                </Badge>
            )),
    },
    {
        key: 'vhosts',
        label: 'Virtual hosts',
        hint: 'Where it has permissions: it can connect to no other',
        show: (u) => permissions && <Reach of={permissions.filter(({ user }) => user === u.name)} />,
    },
    {
        key: 'password',
        label: 'Password',
        show: (u) => (u.password_hash ? 'set' : <Badge tone="quiet">none: no login by one</Badge>),
    },
    {
        key: 'limits',
        label: 'Limits',
        show: (u) =>
            Object.entries(u.limits)
                .map(([name, value]) => `${name} ${value}`)
                .join(', '),
    },
];

const Reach = ({ of }: { of: Permission[] }) =>
    of.length > 0 ? (
        <span class="reason">{of.map(({ vhost }) => vhost).join(', ')}</span>
    ) : (
        <Badge tone="quiet" title="It cannot connect: give it permissions on its page">
            none
        </Badge>
    );

export function Users() {
    const columns = columnsWith(useLive<Permission[]>('/api/permissions', 5000).data);
    return (
        <>
            <h1>Users</h1>
            <ListTable
                id="users"
                what="users"
                path="/api/users"
                columns={columns}
                whole
                sort="name"
                rowKey={(row) => row.name}
                empty={<p>There is no user.</p>}
                tools={
                    <>
                        <Action
                            label="Add user…"
                            title="Add a user"
                            primary
                            done="The user is there; give it permissions on its page"
                            fields={[
                                { name: 'name', label: 'Name', required: true },
                                {
                                    name: 'password',
                                    label: 'Password',
                                    kind: 'password',
                                    hint: 'Empty: it can log in by a certificate only',
                                },
                                { name: 'tags', label: 'Tags', hint: tagsHint },
                            ]}
                            run={({ name = '', password, tags }) =>
                                add(
                                    path('users', name),
                                    { tags, ...(password ? { password } : { password_hash: '' }) },
                                    `a user ${name}`,
                                    'on its page',
                                )
                            }
                        />
                        <Action
                            label="Delete several…"
                            title="Delete several users"
                            danger
                            done="They are deleted"
                            explain={<p>Their permissions go with them, and their connections are closed.</p>}
                            fields={[
                                { name: 'names', label: 'Names', kind: 'area', required: true, hint: 'One a line' },
                            ]}
                            run={({ names = '' }) =>
                                send('POST', '/api/users/bulk-delete', {
                                    users: names
                                        .split('\n')
                                        .map((name) => name.trim())
                                        .filter(Boolean),
                                })
                            }
                        />
                        <Action
                            label="Hash a password…"
                            title="The hash of a password"
                            done="The hash is made"
                            explain={<p>As definitions and default_password_hash take it. It is kept nowhere.</p>}
                            fields={[{ name: 'password', label: 'Password', kind: 'password', required: true }]}
                            run={({ password }) => send('PUT', '/api/auth/hash_password', { password })}
                            result={(made) => <pre tabIndex={0}>{(made as { ok: string }).ok}</pre>}
                        />
                    </>
                }
            />
        </>
    );
}
