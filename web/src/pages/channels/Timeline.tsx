import { useEffect, useRef, useState } from 'preact/hooks';
import { isLive, paused } from '../../api/live';
import { get, send, type ApiError } from '../../api/request';
import type { Trace, TraceEntry } from '../../api/types/clients';
import { bytes, count, localTime } from '../../api/units';
import { Badge } from '../../parts/Badge';
import { Section } from '../../parts/Facts';
import { Problem } from '../../parts/Problem';
import { ValueTree } from '../../parts/ValueTree';

const most = 500;
const looksEvery = 700;
const clock = new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
});

interface Props {
    /** In the API: the channel or connection. */
    of: string;
    showsChannel?: boolean;
    /** It has gone: there is nothing to record anew. */
    isOver?: boolean;
}

/** What passes between client and broker, method by method, as it happens: a trace of the broker. */
export function Timeline({ of, showsChannel = false, isOver = false }: Props) {
    const [trace, setTrace] = useState<Trace | null>(null);
    const [entries, setEntries] = useState<TraceEntry[]>([]);
    const [error, setError] = useState<ApiError | null>(null);
    const [only, setOnly] = useState('');
    const [follows, setFollows] = useState(false);
    const url = `${of}/trace`;

    // One that somebody has started already is shown.
    useEffect(() => {
        setEntries([]);
        setTrace(null);
        get<Trace>(`${url}?limit=${most}`).then(
            (found) => {
                show(found, true);
                setFollows(found.state === 'recording');
            },
            () => undefined,
        );
    }, [url]);

    const last = useRef(0);
    // What the reader has just done is shown, though the page is stopped.
    const looksOnce = useRef(false);
    const show = (found: Trace, isNew: boolean) => {
        last.current = found.last;
        setTrace(found);
        setEntries((before) => [...(isNew ? [] : before), ...found.entries].slice(-most));
    };

    useEffect(() => {
        if (!follows) return undefined;
        const end = new AbortController();
        const look = async () => {
            while (!end.signal.aborted) {
                await new Promise((resolve) => setTimeout(resolve, looksEvery));
                if (end.signal.aborted || !(isLive.value || looksOnce.current)) continue;
                looksOnce.current = false;
                try {
                    const found = await get<Trace>(`${url}?since=${last.current}&limit=${most}`, end.signal);
                    setError(null);
                    show(found, false);
                    if (found.state === 'ended' && found.entries.length === 0) setFollows(false);
                } catch (cause) {
                    if (end.signal.aborted) return;
                    setError(cause as ApiError);
                    // The broker may be back before the trace is over.
                    if ((cause as ApiError).status !== 0) setFollows(false);
                }
            }
        };
        void look();
        return () => end.abort();
    }, [follows, url]);

    const start = async () => {
        setError(null);
        try {
            await send('PUT', url, { body_bytes: 200 });
            last.current = 0;
            setEntries([]);
            looksOnce.current = true;
            setFollows(true);
        } catch (cause) {
            setError(cause as ApiError);
        }
    };
    const stop = () =>
        send('DELETE', url).then(
            () => (looksOnce.current = true),
            (cause: ApiError) => setError(cause),
        );
    const recording = trace?.state === 'recording' && follows;
    const shown = entries.filter(
        (entry) => !only || entry.method.includes(only) || entry.text.includes(only) || (only === '!' && entry.error),
    );

    if (isOver && !trace) return null;
    return (
        <Section
            title="Timeline"
            actions={
                <>
                    {recording ? <Badge tone="good">recording</Badge> : trace && <Badge tone="quiet">ended</Badge>}
                    {recording ? (
                        <button type="button" onClick={() => void stop()}>
                            Stop
                        </button>
                    ) : (
                        !isOver && (
                            <button type="button" class="primary" onClick={() => void start()}>
                                Record
                            </button>
                        )
                    )}
                    {entries.length > 0 && (
                        <input
                            type="search"
                            aria-label="Only entries with"
                            placeholder="Only with…"
                            value={only}
                            onInput={(event) => setOnly(event.currentTarget.value)}
                        />
                    )}
                </>
            }
        >
            {error && <Problem error={error} />}
            {!trace && !follows && (
                <p class="quiet">
                    Record what the client and the broker say to each other: methods with their arguments, messages with
                    their properties, errors in words. It costs next to nothing, stops by itself after ten minutes, and
                    shows no passwords.
                </p>
            )}
            {follows && entries.length === 0 && (
                <p class="waiting" role="status">
                    {paused.value ? 'Paused: what passes is shown when the page goes on.' : 'Nothing has passed yet.'}
                </p>
            )}
            {shown.length === 0 && entries.length > 0 && (
                <p>None of {count(entries.length)} entries has that. Shorten the text, or take it out.</p>
            )}
            {shown.length > 0 && (
                <div
                    class="scroll timeline"
                    tabIndex={0}
                    role="region"
                    aria-label="Methods that passed, the newest first"
                >
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">Time</th>
                                <th scope="col" class="number">
                                    After
                                </th>
                                {showsChannel && (
                                    <th scope="col" class="number">
                                        Channel
                                    </th>
                                )}
                                <th scope="col">From</th>
                                <th scope="col">Method</th>
                                <th scope="col">What</th>
                            </tr>
                        </thead>
                        <tbody>
                            {shown
                                .map((entry, index) => (
                                    <Entry
                                        key={entry.sequence}
                                        entry={entry}
                                        before={shown[index - 1]}
                                        showsChannel={showsChannel}
                                    />
                                ))
                                .reverse()}
                        </tbody>
                    </table>
                </div>
            )}
            {trace && (
                <p class="quiet">
                    {count(trace.newest)} passed{trace.dropped > 0 && `, ${count(trace.dropped)} are forgotten`}
                    {trace.ended_because && `; ended: ${trace.ended_because}`}. Started by {trace.started_by}.
                </p>
            )}
        </Section>
    );
}

function Entry({
    entry,
    before,
    showsChannel,
}: {
    entry: TraceEntry;
    before: TraceEntry | undefined;
    showsChannel: boolean;
}) {
    const [open, setOpen] = useState(false);
    const gap = before ? microseconds(entry.time) - microseconds(before.time) : null;
    return (
        <>
            <tr class={entry.error ? 'failed' : ''}>
                <td>
                    <time dateTime={entry.time} title={localTime(entry.time)}>
                        {clock.format(new Date(entry.time))}
                    </time>
                </td>
                <td class="number quiet">{gap === null ? '' : short(gap)}</td>
                {showsChannel && <td class="number">{entry.channel}</td>}
                <td>{entry.direction === 'in' ? 'client →' : '← broker'}</td>
                <td>
                    <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
                        {entry.method}
                    </button>
                </td>
                <td class="text">
                    {wordsOf(entry)}
                    {entry.payload && <span class="quiet payload">{entry.payload}</span>}
                    {entry.error && <p class="error">{entry.error}</p>}
                </td>
            </tr>
            {open && (
                <tr class="open">
                    <td colSpan={showsChannel ? 6 : 5}>
                        <ValueTree table={entry.arguments} empty="no arguments" />
                        {entry.properties && <ValueTree table={entry.properties} empty="no properties" />}
                        {entry.body_size !== undefined && <p>{bytes(entry.body_size)} of body</p>}
                        {entry.payload && <pre>{entry.payload}</pre>}
                    </td>
                </tr>
            )}
        </>
    );
}

/** Without the direction and the method, which have columns, and without the body, which is shown as it is. */
function wordsOf({ text, payload, body_size: size }: TraceEntry): string {
    const words = text.replace(/^\S+ \S+ ?/, '');
    const body = payload ? words.lastIndexOf(` ${size} bytes: `) : -1;
    return body < 0 ? words : words.slice(0, body);
}

const microseconds = (time: string) => Date.parse(`${time.slice(0, 19)}Z`) * 1000 + Number(time.slice(20, 26));

/** 85 µs, 1.2 ms, 3.4 s. */
function short(us: number): string {
    if (us < 1000) return `${us} µs`;
    if (us < 1e6) return `${(us / 1000).toFixed(1)} ms`;
    return `${(us / 1e6).toFixed(1)} s`;
}
