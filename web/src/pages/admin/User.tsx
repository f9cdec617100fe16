import { useLive } from '../../api/live';
import { path, send } from '../../api/request';
import type { User as Data } from '../../api/types/accounts';
import { Action } from '../../parts/Action';
import { Badge } from '../../parts/Badge';
import { Gone } from '../../parts/Gone';
import { Problem, Waiting } from '../../parts/Problem';
import { goAfter, href } from '../../parts/router';
import { anyVHost } from '../../parts/table/query';
import { LimitsOf } from './Limits';
import { Permissions, TopicPermissions } from './Permissions';
import { tagsHint } from './Users';

export function User({ name }: { name: string }) {
    const at = path('users', name);
    const { data, error } = useLive<Data>(at, 2000);
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
                        run={({ tags }) =>
                            send('PUT', at, {
                                tags,
                                password_hash: data.password_hash,
                                hashing_algorithm: data.hashing_algorithm,
                            })
                        }
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
                        run={() => goAfter(send('DELETE', at), ['users'])}
                    />
                </span>
            </header>
            {error && <Problem error={error} />}
            <p>
                <a href={href(['connections'], { 'f.user': name, ...anyVHost })}>Its connections</a> ·{' '}
                <a href={href(['channels'], { 'f.user': name, ...anyVHost })}>Its channels</a>
            </p>
            <Permissions of="user" name={name} />
            <TopicPermissions of="user" name={name} />
            <LimitsOf title="Limits" of="user" only={name} />
        </>
    );
}
