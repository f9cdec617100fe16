import { useLive } from '../api/live';
import { path, send } from '../api/request';
import type { Exchange as Data } from '../api/types/topology';
import { count, perSecond } from '../api/units';
import { Action } from '../parts/Action';
import { Badge } from '../parts/Badge';
import { ChartGrid, Charts, type ChartOf } from '../parts/Charts';
import { Facts, Section, Tiles } from '../parts/Facts';
import { Flows } from '../parts/Flows';
import { Gone } from '../parts/Gone';
import { nameOfExchange } from '../parts/links';
import { Problem, Waiting } from '../parts/Problem';
import { goAfter } from '../parts/router';
import { ValueTree } from '../parts/ValueTree';
import { Bindings } from './exchange/Bindings';
import { PublishForm } from './exchange/Publish';
import { factsOf, Features } from './topology';

const charts: ChartOf[] = [
    {
        title: 'Messages a second',
        unit: perSecond,
        isRate: true,
        lines: [
            { label: 'in', field: 'message_stats.publish_in', colour: 1 },
            { label: 'out, to queues', field: 'message_stats.publish_out', colour: 2 },
        ],
    },
];

export function Exchange({ vhost, name }: { vhost: string; name: string }) {
    const at = path('exchanges', vhost, nameOfExchange(name));
    const { data, error } = useLive<Data>(at);
    if (!data || error?.status === 404) {
        if (!error) return <Waiting />;
        return error.status === 404 ? (
            <Gone what="exchange" name={name} back={['exchanges']} />
        ) : (
            <Problem error={error} />
        );
    }
    const stats = data.message_stats;
    const isOwn = data.name !== '' && !data.name.startsWith('amq.');
    return (
        <>
            <header class="title">
                <h1>
                    <small>Exchange in {vhost}</small>
                    {data.name || '(default)'}
                </h1>
                <Badge>{data.type}</Badge> <Features of={data} />
                {isOwn && (
                    <span class="actions">
                        <Action
                            label="Delete…"
                            danger
                            title="Delete this exchange?"
                            typed={data.name}
                            done="The exchange is deleted"
                            explain={
                                <p>
                                    Its bindings go with it. Clients that publish to it get 404 and their channel is
                                    closed.
                                </p>
                            }
                            run={() => goAfter(send('DELETE', at), ['exchanges'])}
                        />
                    </span>
                )}
            </header>
            {error && <Problem error={error} />}
            <Tiles
                of={[
                    ['In', perSecond(stats?.publish_in_details?.rate ?? 0), `${count(stats?.publish_in ?? 0)} in all`],
                    [
                        'Out',
                        perSecond(stats?.publish_out_details?.rate ?? 0),
                        `${count(stats?.publish_out ?? 0)} in all, to queues`,
                    ],
                    ...(data.messages_delayed === undefined
                        ? []
                        : [
                              ['Held back', count(data.messages_delayed), 'until their delay is over'] as [
                                  string,
                                  string,
                                  string,
                              ],
                          ]),
                ]}
            />
            <ChartGrid>
                <Charts path={at} answer={data} of={charts} />
            </ChartGrid>
            <div class="columns">
                <Flows
                    title="Published by"
                    of={data.incoming}
                    total={stats?.publish_in ?? 0}
                    stats={['publish']}
                    empty="No channel that is open has published to it."
                />
                <Flows
                    title="Went to"
                    of={data.outgoing}
                    total={stats?.publish_out ?? 0}
                    stats={['publish']}
                    empty="Nothing went from here to a queue."
                />
            </div>
            {data.name === '' ? (
                <Section title="Bindings">
                    <p>It leads to every queue, with the name of the queue as the routing key.</p>
                </Section>
            ) : (
                <Bindings vhost={vhost} exchange={data.name} />
            )}
            <div class="columns">
                <Section title="Details">
                    <Facts of={[...factsOf(data), ['Internal', data.internal ? 'yes' : 'no']]} />
                </Section>
                <Section title="Arguments">
                    <ValueTree table={data.arguments} />
                </Section>
            </div>
            {!data.internal && (
                <Section title="Publish">
                    <PublishForm vhost={vhost} exchange={data.name} />
                </Section>
            )}
        </>
    );
}
