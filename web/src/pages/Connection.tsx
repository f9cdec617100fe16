import { useLive } from '../api/live';
import { path, send } from '../api/request';
import { mayManage } from '../api/session';
import type { Connection as Data } from '../api/types/clients';
import type { Warning } from '../api/types/common';
import { bytes, count, duration, perSecond } from '../api/units';
import { Action } from '../parts/Action';
import { State } from '../parts/Badge';
import { byteRates, ChartGrid, Charts, deliveryKinds, messageRates, type ChartOf } from '../parts/Charts';
import { Facts, Section, Tiles } from '../parts/Facts';
import { Gone, Went } from '../parts/Gone';
import { Memory } from '../parts/Memory';
import { Problem, Waiting } from '../parts/Problem';
import { goAfter } from '../parts/router';
import { ListTable } from '../parts/table/ListTable';
import { Ago } from '../parts/Time';
import { ValueTree } from '../parts/ValueTree';
import { Warnings } from '../parts/Warnings';
import { channelColumns } from './channels/columns';
import { Timeline } from './channels/Timeline';

const charts: ChartOf[] = [
    messageRates,
    deliveryKinds,
    byteRates(),
    {
        title: 'Channels and what they hold',
        unit: count,
        lines: [
            { label: 'channels', field: 'channels', colour: 3 },
            { label: 'unacknowledged', field: 'messages_unacknowledged', colour: 4 },
        ],
    },
];

export function Connection({ name }: { name: string }) {
    const { data, error } = useLive<Data>(path('connections', name));
    const warnings = (useLive<Warning[]>('/api/warnings', 5000).data ?? []).filter((w) => w.connection === name);
    const isGone = error?.status === 404;
    if (!data) {
        if (!error) return <Waiting />;
        return isGone ? <Gone what="connection" name={name} back={['connections']} /> : <Problem error={error} />;
    }
    const { message_stats: stats } = data;
    return (
        <>
            <header class="title">
                <h1>
                    <small>
                        Connection from {data.peer_host}:{data.peer_port}, user {data.user}, in {data.vhost}
                    </small>
                    {data.user_provided_name ?? name}
                </h1>
                {!isGone && <State state={data.state} />}
                {!isGone && mayManage(data.user) && (
                    <span class="actions">
                        <Action
                            label="Close…"
                            danger
                            title="Close this connection?"
                            done="The client was told that its connection is closed"
                            explain={
                                <p>
                                    The client gets 320 CONNECTION_FORCED and the reason. What it has not acknowledged
                                    goes back to the queues. Most clients connect again by themselves.
                                </p>
                            }
                            fields={[
                                {
                                    name: 'reason',
                                    label: 'Reason, for the client and the audit',
                                    value: 'Closed via management plugin',
                                },
                            ]}
                            run={({ reason = '' }) =>
                                goAfter(send('DELETE', path('connections', name), null, reason), ['connections'])
                            }
                        />
                    </span>
                )}
            </header>
            {isGone ? <Went what="connection" name={name} /> : error && <Problem error={error} />}
            <Warnings of={warnings} />
            <Tiles
                of={[
                    [
                        'Channels',
                        count(data.channels),
                        `${count(data.channels_opened)} ever opened, at most ${count(data.channel_max)}`,
                    ],
                    ['Consumers', count(data.consumer_count)],
                    ['Unacknowledged', count(data.messages_unacknowledged), 'deliveries that it holds'],
                    ['Unconfirmed', count(data.messages_unconfirmed), 'publishes that wait for a confirm'],
                    ['Published', perSecond(stats.publish_details?.rate), `${count(stats.publish)} in all`],
                    ['Delivered', perSecond(stats.deliver_get_details?.rate), `${count(stats.deliver_get)} in all`],
                ]}
            />
            <ChartGrid>
                <Charts path={path('connections', name)} answer={data} of={charts} isOver={isGone} />
            </ChartGrid>
            {!isGone && (
                <Section title="Channels">
                    <ListTable
                        id="channels-of-connection"
                        what="channels"
                        part
                        path={`${path('connections', name)}/channels`}
                        columns={channelColumns.filter((c) => !['user', 'vhost', 'connection'].includes(c.key))}
                        rowKey={(row) => row.name}
                        need={['name', 'number']}
                        sort="number"
                        empty={<p>No channel is open. The client opens one with channel.open.</p>}
                    />
                </Section>
            )}
            <div class="columns">
                <Section title="Details">
                    <Facts
                        of={[
                            ['Address', name],
                            ['User', data.user],
                            ['Virtual host', data.vhost],
                            ['Node', data.node],
                            ['Connected', <Ago at={data.connected_at} />],
                            ['In this state for', duration(data.state_ms)],
                            ['Protocol', data.protocol],
                            ['Login', data.auth_mechanism],
                            ['TLS', data.ssl ? `${data.ssl_protocol ?? ''} ${data.ssl_cipher ?? ''}` : 'none'],
                            ['Heartbeat', data.timeout ? `${data.timeout} s, ${data.heartbeats_missed} missed` : 'off'],
                            ['Largest frame', bytes(data.frame_max)],
                            ['Last heard', `${duration(data.last_received_ms_ago)} ago`],
                            ['Last sent to', `${duration(data.last_sent_ms_ago)} ago`],
                            [
                                'Round trip',
                                data.round_trip_ms === undefined ? '' : `${data.round_trip_ms.toFixed(1)} ms`,
                            ],
                            ['From client', `${bytes(data.recv_oct)} in ${count(data.recv_cnt)} frames`],
                            ['To client', `${bytes(data.send_oct)} in ${count(data.send_cnt)} frames`],
                            ['Waits to be sent', bytes(data.send_pend)],
                        ]}
                    />
                </Section>
                <Section title="Memory">
                    <Memory of={data.held_bytes} total={data.memory} />
                </Section>
                <Section title="What the client says of itself">
                    <ValueTree table={data.client_properties} />
                </Section>
            </div>
            {mayManage(data.user) && <Timeline of={path('connections', name)} showsChannel isOver={isGone} />}
        </>
    );
}
