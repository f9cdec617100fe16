import { useLive } from '../api/live';
import { path, send } from '../api/request';
import type { Consumer } from '../api/types/clients';
import type { Queue as Data } from '../api/types/topology';
import { bytes, count, perSecond } from '../api/units';
import { Action } from '../parts/Action';
import { State } from '../parts/Badge';
import { ChartGrid, Charts, deliveryKinds, type ChartOf } from '../parts/Charts';
import { Facts, Section, Tiles } from '../parts/Facts';
import { Flows } from '../parts/Flows';
import { Gone } from '../parts/Gone';
import { ClientLink } from '../parts/links';
import { Problem, Waiting } from '../parts/Problem';
import { goAfter } from '../parts/router';
import { Snippet } from '../parts/Snippet';
import { ListTable } from '../parts/table/ListTable';
import { readTable, tableHint } from '../parts/tableText';
import { ValueTree } from '../parts/ValueTree';
import { ConsumerMode } from './channels/ConsumersOf';
import { Bindings } from './exchange/Bindings';
import { PublishForm } from './exchange/Publish';
import { Held } from './queue/Held';
import { Messages } from './queue/Messages';
import { factsOf, Features } from './topology';

const charts: ChartOf[] = [
    {
        title: 'Messages',
        unit: count,
        lines: [
            { label: 'ready', field: 'messages_ready', colour: 1 },
            { label: 'unacknowledged', field: 'messages_unacknowledged', colour: 4 },
        ],
    },
    {
        title: 'Messages a second',
        unit: perSecond,
        isRate: true,
        lines: [
            { label: 'in', field: 'message_stats.publish', colour: 1 },
            { label: 'out', field: 'message_stats.deliver_get', colour: 2 },
            { label: 'acknowledged', field: 'message_stats.ack', colour: 3 },
        ],
    },
    deliveryKinds,
];

export function Queue({ vhost, name }: { vhost: string; name: string }) {
    const at = path('queues', vhost, name);
    const { data, error } = useLive<Data>(at);
    if (!data || error?.status === 404) {
        if (!error) return <Waiting />;
        return error.status === 404 ? <Gone what="queue" name={name} back={['queues']} /> : <Problem error={error} />;
    }
    const { message_stats: stats } = data;
    return (
        <>
            <header class="title">
                <h1>
                    <small>Queue in {vhost}</small>
                    {name}
                </h1>
                <State state={data.state} /> <Features of={data} />
                <Actions data={data} at={at} />
            </header>
            {error && <Problem error={error} />}
            <Tiles
                of={[
                    ['Ready', count(data.messages_ready), bytes(data.message_bytes_ready)],
                    ['Unacknowledged', count(data.messages_unacknowledged), bytes(data.message_bytes_unacknowledged)],
                    ['Consumers', count(data.consumers), roomOf(data)],
                    ['In', perSecond(stats.publish_details?.rate), `${count(stats.publish)} since the start`],
                    [
                        'Out',
                        perSecond(stats.deliver_get_details?.rate),
                        `${count(stats.deliver_get)} since the start, ${count(stats.redeliver)} again`,
                    ],
                    ['Acknowledged', perSecond(stats.ack_details?.rate), `${count(stats.ack)} since the start`],
                ]}
            />
            <ChartGrid>
                <Charts path={at} answer={data} of={charts} />
            </ChartGrid>
            <div class="columns">
                <Flows
                    title="Came from"
                    of={data.incoming}
                    total={stats.publish}
                    stats={['publish']}
                    empty="Nothing came by an exchange since the start."
                />
                <Flows
                    title="Went to"
                    of={data.deliveries}
                    total={stats.deliver_get}
                    stats={['deliver_get', 'ack', 'redeliver']}
                    empty="No channel that is open had anything from it."
                />
            </div>
            <Section title="Consumers">
                <ListTable<Consumer>
                    id="consumers-of-queue"
                    what="consumers"
                    part
                    whole
                    search={false}
                    path={path('consumers', vhost)}
                    fixed={{ 'filter.queue.name': `=${name}` }}
                    rowKey={(row) => `${row.channel_details.name} ${row.consumer_tag}`}
                    columns={[
                        { key: 'tag', label: 'Tag', show: (c) => c.consumer_tag },
                        {
                            key: 'channel',
                            label: 'Channel',
                            show: (c) => <ClientLink of={c.channel_details} />,
                        },
                        { key: 'user', label: 'User', show: (c) => c.channel_details.user },
                        { key: 'mode', label: 'Mode', show: (c) => <ConsumerMode of={c} /> },
                        { key: 'prefetch', label: 'Prefetch', numeric: true, show: (c) => c.prefetch_count || '∞' },
                        { key: 'priority', label: 'Priority', numeric: true, show: (c) => c.priority },
                    ]}
                    empty={
                        <>
                            <p>Nobody consumes from it, as far as your user may see. A consumer, in your language:</p>
                            <Snippet purpose="consume" queue={name} vhost={vhost} />
                        </>
                    }
                />
            </Section>
            {data.messages_unacknowledged > 0 && <Held at={at} />}
            <Messages at={at} ready={data.messages_ready} />
            <Bindings vhost={vhost} queue={name} />
            <div class="columns">
                <Section title="Details">
                    <Facts
                        of={[
                            ...factsOf(data),
                            ['Operator policy', data.operator_policy ?? 'none'],
                            ['Exclusive', data.exclusive ? 'yes' : 'no'],
                            ['Memory', bytes(data.memory)],
                            ['Expired', count(stats.expire)],
                            ['Dropped, full', count(stats.drop_length)],
                            ['Refused, full', count(stats.refuse_length)],
                            ['Dropped, delivered too often', count(stats.drop_delivery_limit)],
                            ['Dead-lettered', count(stats.dead_letter)],
                            ['Got nothing', count(stats.get_empty)],
                        ]}
                    />
                </Section>
                <Section title="Arguments">
                    <ValueTree table={data.arguments} />
                </Section>
                <Section title="What policies say">
                    <ValueTree table={data.effective_policy_definition} />
                </Section>
            </div>
            <Section title="Publish">
                <PublishForm vhost={vhost} exchange="" routingKey={name} />
            </Section>
        </>
    );
}

/** What its consumers have to do with the messages that wait. */
function roomOf({ state, consumers, consumer_utilisation: room, messages_ready: ready }: Data): string {
    if (state === 'paused') return 'nothing is delivered: paused';
    if (consumers === 0) return ready > 0 ? 'nobody takes what is ready' : 'nobody waits for messages';
    return room > 0 ? 'with room for more' : 'none has room: slow, or a low prefetch';
}

function Actions({ data, at }: { data: Data; at: string }) {
    return (
        <span class="actions">
            {data.state === 'paused' ? (
                <Action label="Resume" run={() => send('PUT', `${at}/resume`)} done="Deliveries go on" />
            ) : (
                <Action
                    label="Pause…"
                    title="Pause this queue?"
                    done="Nothing is delivered until you resume"
                    explain={
                        <p>
                            It takes messages, but hands none to its consumers, and basic.get finds it empty; over
                            restarts too.
                        </p>
                    }
                    run={() => send('PUT', `${at}/pause`)}
                />
            )}
            <Action
                label="Move…"
                title="Move its messages"
                explain={
                    <p>
                        Ready messages go to another queue of this virtual host, in their order. Nothing is lost or
                        doubled, even if the broker stops meanwhile; it is answered when it is done.
                    </p>
                }
                fields={[
                    { name: 'destination', label: 'To the queue', required: true },
                    { name: 'count', label: 'At most', kind: 'number', min: 1, hint: 'Empty: all of them' },
                    { name: 'routing_key', label: 'Only with the routing key', hint: 'Empty: with any' },
                    { name: 'headers', label: 'Only with these headers', kind: 'area', hint: tableHint },
                ]}
                done={(result) => {
                    const { moved, refused } = result as { moved: number; refused: number };
                    return `${count(moved)} moved${refused ? `, ${count(refused)} refused` : ''}`;
                }}
                run={({ destination, count: most, routing_key: key, headers = '' }) =>
                    send('POST', `${at}/move`, {
                        destination,
                        ...(most ? { count: Number(most) } : {}),
                        ...(key ? { routing_key: key } : {}),
                        ...(headers.trim() ? { headers: readTable(headers) } : {}),
                    })
                }
            />
            <Action
                label="Purge…"
                danger
                title={`Drop the ${count(data.messages_ready)} ready messages?`}
                done="The ready messages are gone"
                explain={<p>They are gone for good, and are not dead-lettered. What consumers hold stays theirs.</p>}
                run={() => send('DELETE', `${at}/contents`)}
            />
            <Action
                label="Delete…"
                danger
                title="Delete this queue?"
                typed={data.messages > 0 || data.consumers > 0 ? data.name : ''}
                done="The queue is deleted"
                explain={
                    <p>
                        {count(data.messages)} messages go with it, and {count(data.consumers)} consumers are cancelled.
                    </p>
                }
                run={() => goAfter(send('DELETE', at), ['queues'])}
            />
        </span>
    );
}
