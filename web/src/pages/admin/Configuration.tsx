import { useState } from 'preact/hooks';
import { useLive } from '../../api/live';
import { path, send } from '../../api/request';
import { count } from '../../api/units';
import { Action } from '../../parts/Action';
import { Badge } from '../../parts/Badge';
import { Only } from '../../parts/Only';
import { Problem, Waiting } from '../../parts/Problem';
import { PlainTable } from '../../parts/table/PlainTable';

interface Row {
    key: string;
    value: string;
    source: string;
    reload: boolean;
    after_restart?: string | null;
}
interface Change {
    key: string;
    from: string;
    to: string;
}
interface Reload {
    changed: Change[];
    need_restart: Change[];
    warnings: string[];
}

/** Every key with its value and where that comes from. */
export function Configuration() {
    const { data, error } = useLive<Row[]>('/api/config/effective', 5000);
    const [only, setOnly] = useState('');
    const [isOwn, setIsOwn] = useState(false);
    if (!data) return error ? <Problem error={error} /> : <Waiting />;
    const rows = data.filter(
        (row) =>
            `${row.key} ${row.value} ${row.source}`.toLowerCase().includes(only.trim().toLowerCase()) &&
            (!isOwn || row.source !== 'default'),
    );
    const waiting = data.filter((row) => row.after_restart !== undefined && row.after_restart !== null);
    return (
        <>
            <header class="title">
                <h1>Configuration</h1>
                {waiting.length > 0 && <Badge tone="warning">{count(waiting.length)} wait for a restart</Badge>}
                <span class="actions">
                    <Action
                        label="Read anew…"
                        title="Read the configuration anew?"
                        primary
                        explain={
                            <p>
                                Files and certificates are read again. What is live counts at once, what is not is
                                listed; if anything is wrong, nothing changes. What was set here is taken back.
                            </p>
                        }
                        done="The configuration is read"
                        run={() => send('PUT', '/api/config/reload')}
                        result={(report) => <Report of={report as Reload} />}
                    />
                </span>
            </header>
            {error && <Problem error={error} />}
            <div class="list">
                <div class="toolbar">
                    <Only label="Only keys with" placeholder="Search  /" text={only} set={setOnly} />
                    <label class="check">
                        <input type="checkbox" checked={isOwn} onChange={() => setIsOwn(!isOwn)} /> Only what was set
                    </label>
                    <span class="total" role="status">
                        {count(rows.length)} of {count(data.length)} keys
                    </span>
                </div>
                {rows.length === 0 ? (
                    <div class="empty">
                        <p>
                            {isOwn && only === ''
                                ? 'All is as it is by default. Set keys in a file, by LEVADA_ variables, or here.'
                                : 'No key matches. Shorten the text.'}
                        </p>
                    </div>
                ) : (
                    <PlainTable
                        label="Keys of the configuration"
                        rows={rows}
                        rowKey={(row) => row.key}
                        columns={[
                            { label: 'Key', show: (row) => <code>{row.key}</code> },
                            { label: 'Value', show: (row) => <Value of={row} /> },
                            {
                                label: 'From',
                                show: (row) =>
                                    row.source === 'default' ? <span class="quiet">default</span> : row.source,
                            },
                            {
                                label: 'Actions',
                                show: (row) =>
                                    row.reload ? (
                                        <SetKey of={row} />
                                    ) : (
                                        <span class="quiet">in a file, then restart</span>
                                    ),
                            },
                        ]}
                    />
                )}
            </div>
        </>
    );
}

const Value = ({ of: { value, after_restart: next } }: { of: Row }) => (
    <>
        <span class="reason" title={value}>
            {value === '' ? <span class="quiet">none</span> : value}
        </span>
        {next !== undefined && next !== null && <Badge tone="warning">{next || 'none'} after a restart</Badge>}
    </>
);

const SetKey = ({ of: { key, value } }: { of: Row }) => (
    <Action
        label="Set…"
        compact
        title={key}
        done={`${key} is set`}
        explain={
            <p>It counts until the configuration is read anew or the broker starts: put it in the file as well.</p>
        }
        fields={[{ name: 'value', label: 'Value', value }]}
        run={({ value: wanted }) => send('PUT', path('config', 'effective', key), { value: wanted })}
    />
);

const Report = ({ of: { changed, need_restart: waiting, warnings } }: { of: Reload }) => (
    <>
        {changed.length === 0 && waiting.length === 0 && <p>Nothing has changed.</p>}
        <Changes title="Counts from now on" of={changed} />
        <Changes title="Needs a restart" of={waiting} />
        {warnings.map((warning) => (
            <p key={warning}>
                <Badge tone="warning">warning</Badge> {warning}
            </p>
        ))}
    </>
);

const Changes = ({ title, of }: { title: string; of: Change[] }) =>
    of.length === 0 ? null : (
        <>
            <h3>{title}</h3>
            <ul>
                {of.map(({ key, from, to }) => (
                    <li key={key}>
                        <code>{key}</code>: {from || 'none'} → {to || 'none'}
                    </li>
                ))}
            </ul>
        </>
    );
