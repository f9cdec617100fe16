import { useLive } from '../api/live';
import { path, send } from '../api/request';
import { may } from '../api/session';
import type { Node as Data, Overview } from '../api/types/node';
import { bytes, bytesPerSecond, count, duration, perSecond } from '../api/units';
import { Action } from '../parts/Action';
import { Alarms } from '../parts/Alarms';
import { ChartGrid, Charts, type ChartOf } from '../parts/Charts';
import { Facts, Section } from '../parts/Facts';
import { Meter } from '../parts/Meter';
import { Problem, Waiting } from '../parts/Problem';
import { PlainTable } from '../parts/table/PlainTable';
import { loadCharts } from './node/charts';
import { Logins } from './node/Logins';
import { MemoryOfNode } from './node/MemoryOfNode';
import { Service } from './node/Service';

const charts: ChartOf[] = [
    ...loadCharts,
    { title: 'Disk free', unit: bytes, lines: [{ label: 'free', field: 'disk_free', colour: 1 }] },
    {
        title: 'Open',
        unit: (value) => count(Math.round(value)),
        lines: [
            { label: 'descriptors', field: 'fd_used', colour: 1 },
            { label: 'connections', field: 'sockets_used', colour: 2 },
            { label: 'threads', field: 'proc_used', colour: 3 },
        ],
    },
    {
        title: 'Read and written',
        unit: bytesPerSecond,
        isRate: true,
        lines: [
            { label: 'read', field: 'io_read_bytes', colour: 2 },
            { label: 'written', field: 'io_write_bytes', colour: 1 },
        ],
    },
    {
        title: 'Calls a second',
        unit: perSecond,
        isRate: true,
        lines: [
            { label: 'syncs', field: 'io_sync_count', colour: 4 },
            { label: 'writes', field: 'io_write_count', colour: 1 },
            { label: 'collections', field: 'gc_num', colour: 3 },
        ],
    },
];

/** The node: what it uses of what it may, and what can be done with it. */
export function Node() {
    const overview = useLive<Overview>(
        '/api/overview?columns=node,cluster_name,listeners,product_version',
        10_000,
    ).data;
    const node = overview?.node;
    const { data, error } = useLive<Data>(node === undefined ? null : path('nodes', node));
    if (!data || !overview || node === undefined) return error ? <Problem error={error} /> : <Waiting />;
    return (
        <>
            <header class="title">
                <h1>
                    <small>Node of {overview.cluster_name}</small>
                    {node}
                </h1>
                <Service isSuspended={data.listeners_suspended}>
                    {may.administer.value && (
                        <>
                            <Action
                                label="Name…"
                                title="How clients are told that it is called"
                                done="It is called so now"
                                fields={[
                                    {
                                        name: 'name',
                                        label: 'Name of the cluster',
                                        value: overview.cluster_name,
                                        required: true,
                                    },
                                ]}
                                run={({ name }) => send('PUT', '/api/cluster-name', { name })}
                            />
                            <Action
                                label="Give memory back…"
                                title="Give memory back to the system?"
                                done="What could be given back is"
                                explain={
                                    <p>
                                        The broker collects its garbage: messages stop for some milliseconds. It does so
                                        by itself when it has been quiet.
                                    </p>
                                }
                                run={() => send('POST', '/api/nodes/gc_collect')}
                            />
                        </>
                    )}
                </Service>
            </header>
            {error && <Problem error={error} />}
            <Alarms />
            <Use of={data} />
            <ChartGrid>
                <Charts path={path('nodes', node)} answer={data} of={charts} />
            </ChartGrid>
            <MemoryOfNode node={node} />
            <div class="columns">
                <Section
                    title="Listeners"
                    actions={
                        may.administer.value &&
                        (data.listeners_suspended ? (
                            <Action
                                key="resume"
                                label="Resume"
                                done="The ports are open"
                                run={() => send('PUT', '/api/listeners/resume')}
                            />
                        ) : (
                            <Action
                                key="suspend"
                                label="Suspend…"
                                title="Let no new client in?"
                                danger
                                done="No new client is let in"
                                explain={
                                    <p>The ports for AMQP are closed; who is connected stays. Resume opens them.</p>
                                }
                                run={() => send('PUT', '/api/listeners/suspend')}
                            />
                        ))
                    }
                >
                    <PlainTable
                        label="Listeners"
                        rows={overview.listeners}
                        rowKey={(l) => `${l.protocol} ${l.ip_address} ${l.port}`}
                        columns={[
                            { label: 'Protocol', show: (l) => l.protocol },
                            { label: 'Address', show: (l) => l.ip_address },
                            { label: 'Port', numeric: true, show: (l) => l.port || '' },
                        ]}
                    />
                </Section>
                <Section title="Details">
                    <Facts
                        of={[
                            ['Running for', duration(data.uptime)],
                            ...data.applications.map((a): [string, string] => [a.description, a.version]),
                            ['Process', data.os_pid],
                            ['Processors', count(data.processors)],
                            ['Threads', count(data.proc_used)],
                            ['Garbage collections', count(data.gc_num)],
                            ['Data folder', data.db_dir],
                        ]}
                    />
                </Section>
                <Logins node={node} />
            </div>
        </>
    );
}

const Use = ({ of: data }: { of: Data }) => (
    <ul class="tiles meters">
        <Meter
            name="Memory"
            value={data.mem_used}
            most={data.mem_limit}
            show={bytes}
            isBad={data.mem_alarm}
            note={data.mem_limit > 0 ? `publishers are blocked from ${bytes(data.mem_limit)} on` : 'without a limit'}
        />
        <Meter
            name="Disk free"
            value={data.disk_free}
            most={data.disk_total}
            show={bytes}
            isRest
            isBad={data.disk_free_alarm}
            note={`publishers are blocked below ${bytes(data.disk_free_limit)}`}
        />
        <Meter name="Descriptors" value={data.fd_used} most={data.fd_total} show={count} />
        <Meter name="Connections" value={data.sockets_used} most={data.sockets_total} show={count} />
    </ul>
);
