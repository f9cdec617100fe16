import type { Held } from '../api/types/common';
import { bytes } from '../api/units';

const parts: [keyof Held, string][] = [
    ['receive', 'Being received'],
    ['parked', 'Publishes held back by an alarm'],
    ['content', 'Messages half there'],
    ['uncommitted', 'Transactions not committed'],
    ['unsettled', 'Unacknowledged and unconfirmed'],
    ['outbox', 'Waiting to be sent'],
    ['posted', 'Deliveries on their way'],
];

/** What the broker has in memory for a client, by what it is for. */
export function Memory({ of, total }: { of: Held; total: number }) {
    const rows: [string, number][] = [
        ...parts.map(([part, label]): [string, number] => [label, of[part]]),
        ['Itself: what it is and counts', Math.max(0, total - of.total)],
    ];
    const used = rows.filter(([, size]) => size > 0);
    const unused = rows.filter(([, size]) => size === 0);
    const most = Math.max(1, ...used.map(([, size]) => size));
    return (
        <>
            <table class="plain bars">
                <caption>{bytes(total)} in all</caption>
                <tbody>
                    {used.map(([label, size]) => (
                        <tr key={label}>
                            <th scope="row">{label}</th>
                            <td>
                                <span class="bar" style={{ width: `${(size / most) * 100}%` }} />
                            </td>
                            <td class="number">{bytes(size)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {unused.length > 0 && (
                <p class="quiet">
                    Nothing: {unused.map(([label]) => label[0]?.toLowerCase() + label.slice(1)).join(', ')}.
                </p>
            )}
        </>
    );
}
