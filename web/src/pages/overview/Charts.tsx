import { useMemo } from 'preact/hooks';
import { rates, useSeen } from '../../api/seen';
import type { Overview } from '../../api/types';
import { count, perSecond } from '../../api/units';
import { Chart } from '../../parts/Chart';

/** What goes on, since this page was opened. */
export function Charts({ figures }: { figures: Overview }) {
    const { message_stats: stats, queue_totals: totals, object_totals: objects } = figures;
    const row = useMemo(
        () => [
            stats.publish,
            stats.deliver_get,
            stats.ack,
            totals.messages_ready,
            totals.messages_unacknowledged,
            objects.connections,
            objects.channels,
        ],
        [figures],
    );
    const { times, values } = useSeen('overview', row);
    const [publish = [], deliver = [], ack = [], ready = [], unacknowledged = [], connections = [], channels = []] =
        values;
    return (
        <div class="charts">
            <Chart
                title="Messages a second"
                times={times}
                unit={perSecond}
                series={[
                    { label: 'published', colour: '--series-1', values: rates(times, publish) },
                    { label: 'delivered', colour: '--series-2', values: rates(times, deliver) },
                    { label: 'acknowledged', colour: '--series-3', values: rates(times, ack) },
                ]}
            />
            <Chart
                title="Messages in queues"
                times={times}
                unit={short}
                series={[
                    { label: 'ready', colour: '--series-1', values: ready },
                    { label: 'unacknowledged', colour: '--series-4', values: unacknowledged },
                ]}
            />
            <Chart
                title="Clients"
                times={times}
                unit={short}
                series={[
                    { label: 'connections', colour: '--series-2', values: connections },
                    { label: 'channels', colour: '--series-3', values: channels },
                ]}
            />
        </div>
    );
}

const short = (value: number) => count(Math.round(value * 10) / 10);
