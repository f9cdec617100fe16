import type { Held } from '../api/types/common';
import { bytes } from '../api/units';
import { Bars } from './Bars';

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
    return <Bars of={rows} caption={`${bytes(total)} in all`} />;
}
