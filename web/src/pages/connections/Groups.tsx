import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLive } from '../../api/live';
import type { Group } from '../../api/types/clients';
import { bytes, count, perSecond } from '../../api/units';
import { thatAreSeen } from '../../api/session';
import { vhostOfLists } from '../../api/vhosts';
import { Badge } from '../../parts/Badge';
import { Problem, Waiting } from '../../parts/Problem';
import { href } from '../../parts/router';
import { Snippet } from '../../parts/Snippet';
import { Ago } from '../../parts/Time';

const fields: { [by: string]: string } = {
    connection_name: 'user_provided_name',
    product: 'client_properties.product',
};

type Figure = [label: string, of: (group: Group) => number, show: (value: number) => ComponentChildren];

const figures: Figure[] = [
    ['Connections', (g) => g.connections, count],
    ['Channels', (g) => g.channels, count],
    ['Most on one', (g) => g.channels_most, count],
    ['Ever opened', (g) => g.channels_opened, count],
    ['Consumers', (g) => g.consumer_count, count],
    ['Unacked', (g) => g.messages_unacknowledged, count],
    ['Publish', (g) => g.publish_details.rate, perSecond],
    ['Deliver', (g) => g.deliver_get_details.rate, perSecond],
    ['Memory', (g) => g.memory, bytes],
    ['Warnings', (g) => g.warnings, (value) => (value > 0 ? <Badge tone="warning">{value}</Badge> : '')],
];

/** Connections with something in common, that with most channels first. */
export function Groups({ by, tools }: { by: string; tools: ComponentChildren }) {
    const vhost = vhostOfLists.value;
    const asked = new URLSearchParams({ group_by: by, ...(vhost && { vhost }) });
    const url = `/api/connections/summary?${asked}`;
    const live = useLive<Group[]>(url, 2000);
    const { error } = live;
    // Groups by something else have no name here.
    const data = live.path === url ? live.data : undefined;
    const [sort, setSort] = useState('Channels');
    const of = figures.find(([label]) => label === sort)?.[1] ?? ((group: Group) => group.channels);
    const name = (group: Group) => String(group[by as keyof Group] ?? '');
    return (
        <div class="list">
            <div class="toolbar">
                {tools}
                <span class="total" role="status">
                    {data && `${count(data.length)} groups${vhost && ` in ${vhost}`}`}
                </span>
            </div>
            {error && <Problem error={error} />}
            {!data ? (
                !error && <Waiting />
            ) : data.length === 0 ? (
                <div class="empty">
                    {vhost ? (
                        <p>None in {vhost}.</p>
                    ) : (
                        <>
                            <p>No client is connected{thatAreSeen.value}. A first one, in your language:</p>
                            <Snippet />
                        </>
                    )}
                </div>
            ) : (
                <div class="scroll" tabIndex={0} role="region" aria-label="Groups of connections">
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">Group</th>
                                {figures.map(([label]) => (
                                    <th
                                        key={label}
                                        scope="col"
                                        class="number"
                                        aria-sort={label === sort ? 'descending' : 'none'}
                                    >
                                        <button type="button" onClick={() => setSort(label)}>
                                            {label}
                                            <span aria-hidden="true" class="arrow">
                                                {label === sort ? '▼' : ''}
                                            </span>
                                        </button>
                                    </th>
                                ))}
                                <th scope="col">Last connected</th>
                            </tr>
                        </thead>
                        <tbody>
                            {[...data]
                                .sort((a, b) => of(b) - of(a))
                                .map((group) => (
                                    <tr key={name(group)}>
                                        <td>
                                            <a
                                                href={href(['connections'], {
                                                    [`f.${fields[by] ?? by}`]: name(group) || '=',
                                                })}
                                            >
                                                {name(group) || 'without a name'}
                                            </a>
                                        </td>
                                        {figures.map(([label, figure, show]) => (
                                            <td key={label} class="number">
                                                {show(figure(group))}
                                            </td>
                                        ))}
                                        <td>
                                            <Ago at={group.connected_at_last} />
                                        </td>
                                    </tr>
                                ))}
                        </tbody>
                    </table>
                </div>
            )}
        </div>
    );
}
