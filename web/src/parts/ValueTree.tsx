import type { Table, Value } from '../api/types/common';
import { bytes, duration } from '../api/units';

/** A table of arguments, headers or properties. */
export function ValueTree({ table, empty = 'none' }: { table: Table; empty?: string }) {
    const entries = Object.entries(table);
    if (entries.length === 0) return <span class="quiet">{empty}</span>;
    return (
        <dl class="tree">
            {entries.map(([name, value]) => (
                <div
                    key={name}
                    class={value !== null && typeof value === 'object' && !Array.isArray(value) ? 'deep' : ''}
                >
                    <dt>{name}</dt>
                    <dd>
                        <One value={value} />
                        <span class="quiet">{meaningOf(name, value)}</span>
                    </dd>
                </div>
            ))}
        </dl>
    );
}

function One({ value }: { value: Value }) {
    if (value !== null && typeof value === 'object') {
        return Array.isArray(value) ? <>{JSON.stringify(value)}</> : <ValueTree table={value} />;
    }
    return <>{String(value)}</>;
}

/** What AMQP counts in milliseconds and bytes, for people: " (7 d)". */
function meaningOf(name: string, value: Value): string {
    if (typeof value !== 'number') return '';
    if (/(-ttl|expires|timeout|-delay)$/.test(name) && value >= 1000)
        return ` (${duration(value).replace(/ 0 \w+$/, '')})`;
    return /-bytes$/.test(name) && value >= 1024 ? ` (${bytes(value)})` : '';
}

/** In a line, for a table's cell. */
export const oneLine = (table: Table | undefined) =>
    table
        ? Object.entries(table)
              .map(
                  ([name, value]) =>
                      `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}${meaningOf(name, value)}`,
              )
              .join(', ')
        : '';
