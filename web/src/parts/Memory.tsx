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

/** What the broker holds in memory for a client, by what it is for. */
export function Memory({ of }: { of: Held }) {
    const most = Math.max(1, ...parts.map(([part]) => of[part]));
    return (
        <table class="plain bars">
            <caption>{bytes(of.total)} in all</caption>
            <tbody>
                {parts.map(([part, label]) => (
                    <tr key={part}>
                        <th scope="row">{label}</th>
                        <td>{of[part] > 0 && <span class="bar" style={{ width: `${(of[part] / most) * 100}%` }} />}</td>
                        <td class="number">{bytes(of[part])}</td>
                    </tr>
                ))}
            </tbody>
        </table>
    );
}
