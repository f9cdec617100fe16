import { add, path, send } from '../../api/request';
import { may } from '../../api/session';
import type { VHost } from '../../api/types/accounts';
import { count } from '../../api/units';
import { Action, type Field } from '../../parts/Action';
import { Badge } from '../../parts/Badge';
import { href } from '../../parts/router';
import { rateColumn, type Column } from '../../parts/table/column';
import { ListTable } from '../../parts/table/ListTable';

const columns: Column<VHost>[] = [
    {
        key: 'name',
        label: 'Virtual host',
        sort: 'name',
        filter: 'name',
        show: (v) => <a href={href(['vhosts', v.name])}>{v.name}</a>,
    },
    { key: 'description', label: 'Description', sort: 'description', show: (v) => v.description },
    { key: 'tags', label: 'Tags', show: (v) => v.tags.map((tag) => <Badge key={tag}>{tag}</Badge>) },
    { key: 'type', label: 'Queues are', sort: 'default_queue_type', show: (v) => v.default_queue_type },
    {
        key: 'state',
        label: 'State',
        show: (v) => (
            <>
                {v.protected_from_deletion && <Badge tone="good">protected</Badge>}
                {v.tracing && <Badge tone="warning">tracing</Badge>}
            </>
        ),
    },
    { key: 'ready', label: 'Ready', sort: 'messages_ready', numeric: true, show: (v) => count(v.messages_ready) },
    {
        key: 'unacked',
        label: 'Unacked',
        sort: 'messages_unacknowledged',
        numeric: true,
        show: (v) => count(v.messages_unacknowledged),
    },
    rateColumn('publish', 'Publish', 'message_stats.publish', (v) => v.message_stats?.publish_details),
    rateColumn('deliver', 'Deliver', 'message_stats.deliver_get', (v) => v.message_stats?.deliver_get_details),
    { key: 'actions', label: 'Actions', show: (v) => may.administer.value && <VHostActions of={v} compact /> },
];

const fields = (v?: VHost): Field[] => [
    { name: 'description', label: 'Description', value: v?.description ?? '' },
    { name: 'tags', label: 'Tags', value: v?.tags.join(', ') ?? '', hint: 'With commas between them' },
    {
        name: 'type',
        label: 'A queue that names no type is',
        kind: 'choice',
        choices: ['classic', 'quorum'],
        value: v?.default_queue_type ?? 'classic',
    },
    {
        name: 'tracing',
        label: 'Tracing',
        kind: 'check',
        value: v?.tracing ?? false,
        hint: 'A copy of every message goes to amq.rabbitmq.trace',
    },
];

const bodyOf = (values: { [field: string]: string }) => ({
    description: values['description'],
    tags: values['tags'],
    default_queue_type: values['type'],
    tracing: values['tracing'] === 'true',
});

export function VHostActions({ of, compact = false }: { of: VHost; compact?: boolean }) {
    const at = path('vhosts', of.name);
    return (
        <>
            <Action
                label="Change…"
                compact={compact}
                title={`Virtual host ${of.name}`}
                fields={fields(of)}
                done="It is changed"
                run={(values) => send('PUT', at, bodyOf(values))}
            />{' '}
            {of.protected_from_deletion ? (
                <Action
                    label="Unprotect"
                    compact={compact}
                    run={() => send('DELETE', `${at}/deletion/protection`)}
                    done="It can be deleted now"
                />
            ) : (
                <>
                    <Action
                        label="Protect"
                        compact={compact}
                        run={() => send('POST', `${at}/deletion/protection`)}
                        done="Nobody deletes it now"
                    />{' '}
                    <Action
                        label="Delete…"
                        compact={compact}
                        danger
                        title={`Delete the virtual host ${of.name}?`}
                        typed={of.name}
                        done="The virtual host is deleted"
                        explain={
                            <p>
                                Its queues with {count(of.messages)} messages, exchanges, bindings, policies and
                                permissions go with it, and its connections are closed.
                            </p>
                        }
                        run={() => send('DELETE', at)}
                    />
                </>
            )}
        </>
    );
}

export function VHosts() {
    return (
        <>
            <h1>Virtual hosts</h1>
            <ListTable
                id="vhosts"
                what="virtual hosts"
                path="/api/vhosts"
                columns={columns}
                whole
                sort="name"
                rowKey={(row) => row.name}
                empty={<p>Your user has permissions in no virtual host: an administrator can give it some.</p>}
                tools={
                    may.administer.value && (
                        <Action
                            label="Add virtual host…"
                            title="Add a virtual host"
                            primary
                            done="The virtual host is there"
                            fields={[{ name: 'name', label: 'Name', required: true }, ...fields()]}
                            run={({ name = '', ...values }) =>
                                add(path('vhosts', name), bodyOf(values), `a virtual host ${name}`, 'on its page')
                            }
                        />
                    )
                }
            />
        </>
    );
}
