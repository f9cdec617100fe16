import { thatAreSeen } from '../../api/session';
import type { Audited } from '../../api/types/node';
import { Badge, type Tone } from '../../parts/Badge';
import type { Column } from '../../parts/table/column';
import { ListTable } from '../../parts/table/ListTable';
import { Ago } from '../../parts/Time';

const tones: { [outcome: string]: Tone } = {
    done: 'good',
    already_so: 'quiet',
    denied: 'bad',
    failed: 'bad',
    refused: 'warning',
    invalid: 'warning',
    gone: 'warning',
};

const columns: Column<Audited>[] = [
    { key: 'at', label: 'When', sort: 'at', show: (a) => <Ago at={a.at} /> },
    { key: 'user', label: 'Who', sort: 'user', filter: 'user', show: (a) => a.user },
    { key: 'from', label: 'From', sort: 'from', filter: 'from', usual: false, show: (a) => a.from },
    { key: 'action', label: 'Did', sort: 'action', filter: 'action', show: (a) => a.action.replaceAll('_', ' ') },
    { key: 'target', label: 'To', sort: 'target', filter: 'target', show: (a) => a.target },
    {
        key: 'outcome',
        label: 'Outcome',
        sort: 'outcome',
        filter: 'outcome',
        show: (a) => <Badge tone={tones[a.outcome] ?? 'plain'}>{a.outcome.replaceAll('_', ' ')}</Badge>,
    },
    { key: 'reason', label: 'Reason', sort: 'reason', show: (a) => <span class="reason">{a.reason}</span> },
    {
        key: 'detail',
        label: 'Detail',
        sort: 'detail',
        show: (a) => (
            <span class="reason" title={a.detail}>
                {a.detail}
            </span>
        ),
    },
];

export function Audit() {
    return (
        <>
            <h1>Audit</h1>
            <ListTable
                id="audit"
                what="requests"
                path="/api/audit"
                columns={columns}
                whole
                rowKey={(row) => `${row.at} ${row.target}`}
                empty={<p>No change{thatAreSeen.value} was made since the broker started.</p>}
            />
        </>
    );
}
