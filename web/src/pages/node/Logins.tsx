import { useLive } from '../../api/live';
import { path, send } from '../../api/request';
import { may } from '../../api/session';
import { count } from '../../api/units';
import { Action } from '../../parts/Action';
import { Section } from '../../parts/Facts';
import { Problem, Waiting } from '../../parts/Problem';
import { PlainTable, type PlainColumn } from '../../parts/table/PlainTable';

interface Attempts {
    protocol: string;
    auth_attempts: number;
    auth_attempts_failed: number;
    auth_attempts_succeeded: number;
}

interface Source extends Attempts {
    remote_address: string;
    username: string;
}

const columns: PlainColumn<Attempts>[] = [
    { label: 'Protocol', show: (a) => a.protocol },
    { label: 'Tried', numeric: true, show: (a) => count(a.auth_attempts) },
    { label: 'Let in', numeric: true, show: (a) => count(a.auth_attempts_succeeded) },
    { label: 'Refused', numeric: true, show: (a) => count(a.auth_attempts_failed) },
];

/** Who tried to log in, and how often in vain. */
export function Logins({ node }: { node: string }) {
    const at = path('auth', 'attempts', node);
    const { data, error } = useLive<Attempts[]>(at, 5000);
    const sources = useLive<Source[]>(`${at}/source`, 5000).data ?? [];
    return (
        <Section
            title="Logins"
            actions={
                may.monitor.value && (
                    <Action
                        label="Count anew…"
                        title="Count logins from nothing again?"
                        explain={<p>It forgets how many there were; who is held up for guessing stays so.</p>}
                        done="Logins are counted from now on"
                        run={() => send('DELETE', at)}
                    />
                )
            }
        >
            {error && <Problem error={error} />}
            {!data && !error && <Waiting />}
            {data && (
                <PlainTable label="Logins by protocol" rows={data} rowKey={(row) => row.protocol} columns={columns} />
            )}
            {sources.length > 0 && (
                <PlainTable
                    label="Logins by address and user"
                    rows={sources}
                    rowKey={(row) => `${row.remote_address} ${row.username} ${row.protocol}`}
                    columns={[
                        { label: 'From', show: (s) => s.remote_address },
                        { label: 'User', show: (s) => s.username },
                        ...columns,
                    ]}
                />
            )}
        </Section>
    );
}
