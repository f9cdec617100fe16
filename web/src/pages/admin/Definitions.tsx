import { useState } from 'preact/hooks';
import { ask, changes, path } from '../../api/request';
import type { DryRun } from '../../api/types/accounts';
import { count } from '../../api/units';
import { Badge, type Tone } from '../../parts/Badge';
import { Section } from '../../parts/Facts';
import { Problem } from '../../parts/Problem';
import { say } from '../../parts/Said';
import { PlainTable } from '../../parts/table/PlainTable';
import { VHostSelect } from '../../parts/VHostSelect';

const everything = '';
const at = (vhost: string) => (vhost === everything ? '/api/definitions' : path('definitions', vhost));

export function Definitions() {
    const [vhost, setVHost] = useState(everything);
    return (
        <>
            <h1>Definitions</h1>
            <p>
                Users, virtual hosts, permissions, policies, queues, exchanges and bindings as one JSON document,
                RabbitMQ’s. Messages are not in it.
            </p>
            <p>
                <label class="inline">
                    Of <VHostSelect chosen={vhost} choose={setVHost} all="everything" />
                </label>
            </p>
            <Export vhost={vhost} />
            <Import key={vhost} vhost={vhost} />
        </>
    );
}

function Export({ vhost }: { vhost: string }) {
    const [error, setError] = useState<Error | null>(null);
    const download = async () => {
        setError(null);
        try {
            const blob = await (await ask('GET', at(vhost))).blob();
            const link = document.createElement('a');
            link.href = URL.createObjectURL(blob);
            link.download = `levada-definitions-${new Date().toISOString().slice(0, 10)}.json`;
            link.click();
            URL.revokeObjectURL(link.href);
            say('The definitions are in your downloads');
        } catch (cause) {
            setError(cause as Error);
        }
    };
    return (
        <Section title="Export">
            {error && <Problem error={error} />}
            <button type="button" class="primary" onClick={() => void download()}>
                Download
            </button>
        </Section>
    );
}

const tones: { [outcome: string]: Tone } = { added: 'good', changed: 'warning', kept: 'quiet' };

/** Shows what would change before anything does. */
function Import({ vhost }: { vhost: string }) {
    const [document, setDocument] = useState('');
    const [plan, setPlan] = useState<DryRun | null>(null);
    const [error, setError] = useState<Error | null>(null);
    const [busy, setBusy] = useState(false);
    const post = (text: string, query: string) =>
        ask('POST', at(vhost) + query, { body: text, headers: { 'Content-Type': 'application/json' } });
    const look = async (file: File | undefined) => {
        setPlan(null);
        setError(null);
        if (!file) return;
        try {
            const text = await file.text();
            setPlan((await (await post(text, '?dry_run=true')).json()) as DryRun);
            setDocument(text);
        } catch (cause) {
            setError(cause as Error);
        }
    };
    const run = async () => {
        setError(null);
        setBusy(true);
        try {
            await post(document, '');
            changes.value++;
            say('The definitions are imported');
            setPlan(null);
        } catch (cause) {
            setError(cause as Error);
        }
        setBusy(false);
    };
    return (
        <Section title="Import">
            <label class="field">
                <span>A file of RabbitMQ, LavinMQ or this broker</span>
                <input
                    type="file"
                    accept=".json,application/json"
                    disabled={busy}
                    // The same file, mended, is another choice.
                    onClick={(event) => (event.currentTarget.value = '')}
                    onChange={(event) => void look(event.currentTarget.files?.[0])}
                />
                <small>You see what would change before anything does.</small>
            </label>
            {error && <Problem error={error} />}
            {plan && (
                <>
                    <p>
                        {count(plan.changes.length)} would change or differ, {count(plan.unchanged)} are there already.
                    </p>
                    {plan.changes.length > 0 && (
                        <PlainTable
                            label="What would change"
                            rows={plan.changes}
                            rowKey={(change) => `${change.object} ${change.vhost} ${change.name}`}
                            columns={[
                                { label: 'What', show: (change) => change.object },
                                { label: 'Name', show: (change) => change.name },
                                { label: 'Virtual host', show: (change) => change.vhost ?? '' },
                                {
                                    label: 'Would be',
                                    show: ({ outcome }) => (
                                        <Badge tone={tones[outcome] ?? 'plain'}>
                                            {outcome === 'kept' ? 'kept as it is, though it differs' : outcome}
                                        </Badge>
                                    ),
                                },
                            ]}
                        />
                    )}
                    <p>
                        <button type="button" class="primary" disabled={busy} onClick={() => void run()}>
                            {busy ? 'Working…' : 'Import'}
                        </button>
                    </p>
                </>
            )}
        </Section>
    );
}
