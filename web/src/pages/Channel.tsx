import { useLive } from '../api/live';
import { path, send } from '../api/request';
import { mayManage } from '../api/session';
import type { Channel as Data } from '../api/types/clients';
import type { Warning } from '../api/types/common';
import { bytes, count, duration, perSecond } from '../api/units';
import { Action } from '../parts/Action';
import { Badge, State } from '../parts/Badge';
import { ChartGrid, Charts, deliveryKinds, messageRates, type ChartOf } from '../parts/Charts';
import { Facts, Section, Tiles } from '../parts/Facts';
import { Flows } from '../parts/Flows';
import { Gone, Went } from '../parts/Gone';
import { ConnectionLink, peerOf } from '../parts/links';
import { Memory } from '../parts/Memory';
import { Problem, Waiting } from '../parts/Problem';
import { goAfter } from '../parts/router';
import { Warnings } from '../parts/Warnings';
import { ConsumersOf } from './channels/ConsumersOf';
import { Timeline } from './channels/Timeline';

const charts: ChartOf[] = [
    messageRates,
    deliveryKinds,
    {
        title: 'Unsettled',
        unit: count,
        lines: [
            { label: 'unacknowledged', field: 'messages_unacknowledged', colour: 4 },
            { label: 'unconfirmed', field: 'messages_unconfirmed', colour: 1 },
        ],
    },
];

export function Channel({ name }: { name: string }) {
    const { data, error } = useLive<Data>(path('channels', name));
    const warnings = useLive<Warning[]>('/api/warnings', 5000).data ?? [];
    const isGone = error?.status === 404;
    if (!data) {
        if (!error) return <Waiting />;
        return isGone ? <Gone what="channel" name={name} back={['channels']} /> : <Problem error={error} />;
    }
    const { message_stats: stats, connection_details: connection } = data;
    const own = warnings.filter(
        (w) => w.connection === connection.name && (w.channel === undefined || w.channel === data.number),
    );
    return (
        <>
            <header class="title">
                <h1>
                    <small>
                        Channel of{' '}
                        <ConnectionLink name={connection.name} title={data.user_provided_name ?? connection.name} />
                        {data.user_provided_name && ` ${peerOf(connection.name)}`}, user {data.user}, in {data.vhost}
                    </small>
                    Channel {data.number}
                </h1>
                {!isGone && <State state={data.state} />}
                {data.confirm && <Badge tone="quiet">confirms</Badge>}
                {data.transactional && <Badge tone="quiet">transactions</Badge>}
                {!isGone && mayManage(data.user) && (
                    <span class="actions">
                        <Actions data={data} />
                    </span>
                )}
            </header>
            {isGone ? <Went what="channel" name={name} /> : error && <Problem error={error} />}
            <Warnings of={own} />
            <Tiles
                of={[
                    [
                        'Unacknowledged',
                        count(data.messages_unacknowledged),
                        `prefetch ${data.prefetch_count || 'without a limit'}${data.global_prefetch_count ? `, ${data.global_prefetch_count} in all` : ''}`,
                    ],
                    [
                        'Unconfirmed',
                        count(data.messages_unconfirmed),
                        data.confirm ? 'publishes that wait for a confirm' : 'it does not ask for confirms',
                    ],
                    ...(data.transactional
                        ? [
                              [
                                  'Uncommitted',
                                  count(data.messages_uncommitted),
                                  `and ${count(data.acks_uncommitted)} acks`,
                              ] as [string, string, string],
                          ]
                        : []),
                    ['Published', perSecond(stats.publish_details?.rate), `${count(stats.publish)} in all`],
                    [
                        'Delivered',
                        perSecond(stats.deliver_get_details?.rate),
                        `${count(stats.deliver_get)} in all, ${count(stats.redeliver)} again`,
                    ],
                    ['Memory', bytes(data.memory), 'what the broker holds for it'],
                ]}
            />
            <ChartGrid>
                <Charts path={path('channels', name)} answer={data} of={charts} isOver={isGone} />
            </ChartGrid>
            <div class="columns">
                <Flows
                    title="Published to"
                    of={data.publishes}
                    total={stats.publish}
                    stats={['publish', 'confirm', 'return_unroutable', 'drop_unroutable']}
                    empty="It has published to no exchange."
                />
                <Flows
                    title="Delivered from"
                    of={data.deliveries}
                    total={stats.deliver_get}
                    stats={['deliver_get', 'ack', 'redeliver']}
                    empty="Nothing was delivered or got on it."
                />
            </div>
            <Section title="Consumers">
                <ConsumersOf consumers={data.consumer_details ?? []} mayChange={!isGone && mayManage(data.user)} />
            </Section>
            {mayManage(data.user) && <Timeline of={path('channels', name)} isOver={isGone} />}
            <div class="columns">
                <Section title="Details">
                    <Facts
                        of={[
                            ['User', data.user],
                            ['Virtual host', data.vhost],
                            ['Open for', duration(data.open_ms)],
                            ['Idle for', duration(data.idle_ms)],
                            ['In this state for', duration(data.state_ms)],
                            ['Confirmed', count(stats.confirm)],
                            ['Acknowledged', count(stats.ack)],
                            ['Rejected', count(stats.reject)],
                            ['Got (basic.get)', count(stats.get + stats.get_no_ack)],
                            ['Got nothing', count(stats.get_empty)],
                            ['Returned, no queue', count(stats.return_unroutable)],
                            ['Dropped, no queue', count(stats.drop_unroutable)],
                            ['From client', `${bytes(data.recv_oct)} in ${count(data.recv_cnt)} frames`],
                            ['To client', `${bytes(data.send_oct)} in ${count(data.send_cnt)} frames`],
                        ]}
                    />
                </Section>
                <Section title="Memory">
                    <Memory of={data.held_bytes} total={data.memory} />
                </Section>
            </div>
        </>
    );
}

function Actions({ data }: { data: Data }) {
    const at = path('channels', data.name);
    return (
        <>
            {data.state === 'paused' ? (
                <Action label="Resume deliveries" run={() => send('PUT', `${at}/resume`)} done="Deliveries go on" />
            ) : (
                <Action
                    label="Pause deliveries"
                    run={() => send('PUT', `${at}/pause`)}
                    done="Nothing is delivered until you resume"
                />
            )}
            <Action
                label="Prefetch…"
                title="Change the prefetch"
                done="The prefetch is changed"
                explain={<p>It counts at once, for all its consumers. 0 is no limit.</p>}
                fields={[
                    {
                        name: 'which',
                        label: 'Of',
                        kind: 'choice',
                        choices: [
                            ['prefetch_count', 'each consumer'],
                            ['global_prefetch_count', 'the channel as a whole'],
                        ],
                    },
                    {
                        name: 'count',
                        label: 'Deliveries unacknowledged at most',
                        kind: 'number',
                        value: String(data.prefetch_count),
                        min: 0,
                        max: 65535,
                        required: true,
                    },
                ]}
                run={({ which = '', count: most }) => send('PUT', at, { [which]: Number(most) })}
            />
            {data.messages_unacknowledged > 0 && (
                <Action
                    label="Requeue…"
                    danger
                    title={`Put ${count(data.messages_unacknowledged)} unacknowledged messages back?`}
                    done="They are back in their queues"
                    explain={
                        <p>
                            They go back to their places, marked as redelivered, and to whoever has room: perhaps to the
                            same consumer. Pause the deliveries first if it should not have them again.
                        </p>
                    }
                    run={() => send('POST', `${at}/requeue`)}
                />
            )}
            <Action
                label="Close…"
                danger
                title="Close this channel?"
                done="The client was told that its channel is closed"
                explain={
                    <p>
                        The client gets 406 PRECONDITION_FAILED and the reason; its connection and other channels go on.
                        What is not acknowledged goes back to the queues.
                    </p>
                }
                fields={[
                    {
                        name: 'reason',
                        label: 'Reason, for the client and the audit',
                        value: 'Closed via management plugin',
                    },
                ]}
                run={({ reason = '' }) => goAfter(send('DELETE', at, null, reason), ['channels'])}
            />
        </>
    );
}
