import { Fragment } from 'preact';
import { useLive } from '../../api/live';
import { path, get } from '../../api/request';
import { may } from '../../api/session';
import type { VHost as Data } from '../../api/types/accounts';
import { count } from '../../api/units';
import { Action } from '../../parts/Action';
import { Badge } from '../../parts/Badge';
import { byteRates, ChartGrid, Charts, deliveryKinds, messageRates, type ChartOf } from '../../parts/Charts';
import { Tiles } from '../../parts/Facts';
import { Gone } from '../../parts/Gone';
import { Problem, Waiting } from '../../parts/Problem';
import { href } from '../../parts/router';
import { LimitsOf } from './Limits';
import { Permissions, TopicPermissions } from './Permissions';
import { VHostActions } from './VHosts';

const charts: ChartOf[] = [
    messageRates,
    deliveryKinds,
    {
        title: 'Messages in queues',
        unit: count,
        lines: [
            { label: 'ready', field: 'messages_ready', colour: 1 },
            { label: 'unacknowledged', field: 'messages_unacknowledged', colour: 4 },
        ],
    },
    byteRates(),
];

const parts: [path: string, label: string][] = [
    ['connections', 'Connections'],
    ['channels', 'Channels'],
    ['queues', 'Queues'],
    ['exchanges', 'Exchanges'],
    ['policies', 'Policies'],
];

export function VHost({ name }: { name: string }) {
    const at = path('vhosts', name);
    const { data, error } = useLive<Data>(at);
    if (!data || error?.status === 404) {
        if (!error) return <Waiting />;
        return error.status === 404 ? (
            <Gone what="virtual host" name={name} back={['vhosts']} />
        ) : (
            <Problem error={error} />
        );
    }
    return (
        <>
            <header class="title">
                <h1>
                    <small>Virtual host</small>
                    {name}
                </h1>
                {data.protected_from_deletion && <Badge tone="good">protected</Badge>}
                {data.tracing && <Badge tone="warning">tracing</Badge>}
                {data.tags.map((tag) => (
                    <Badge key={tag}>{tag}</Badge>
                ))}
                <span class="actions">
                    <Action
                        label="Test…"
                        title={`Test ${name}?`}
                        done="A message went in and came out"
                        explain={
                            <p>
                                Declares the queue aliveness-test, publishes a message to it and gets that. It needs
                                your own permissions there.
                            </p>
                        }
                        run={() => get(path('aliveness-test', name))}
                    />
                    {may.administer.value && <VHostActions of={data} />}
                </span>
            </header>
            {error && <Problem error={error} />}
            {data.description && <p>{data.description}</p>}
            <p>
                {parts.map(([part, label], index) => (
                    <Fragment key={part}>
                        {index > 0 && ' · '}
                        <a href={href([part], { 'f.vhost': name })}>{label}</a>
                    </Fragment>
                ))}
            </p>
            <Tiles
                of={[
                    ['Ready', count(data.messages_ready), 'messages in its queues'],
                    ['Unacknowledged', count(data.messages_unacknowledged), 'messages that clients hold'],
                    ['Queues are', data.default_queue_type, 'unless they say otherwise'],
                ]}
            />
            <ChartGrid>
                <Charts path={at} answer={data} of={charts} />
            </ChartGrid>
            {may.administer.value && (
                <>
                    <Permissions of="vhost" name={name} />
                    <TopicPermissions of="vhost" name={name} />
                </>
            )}
            <LimitsOf title="Limits" of="vhost" only={name} />
        </>
    );
}
