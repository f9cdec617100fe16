import { useEffect, useRef, useState } from 'preact/hooks';
import { follow } from '../../api/events';
import { cutMark, isFinal, isLive, paused, reasonOf, sleep, waits } from '../../api/live';
import { ask, send, type ApiError } from '../../api/request';
import type { LogLine } from '../../api/types/node';
import { count } from '../../api/units';
import { Action } from '../../parts/Action';
import { Badge, type Tone } from '../../parts/Badge';
import { Only } from '../../parts/Only';
import { Problem } from '../../parts/Problem';
import { place, setQuery } from '../../parts/router';

const most = 1000;
const drawsEvery = 300;
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const levels = ['debug', 'info', 'warning', 'error', 'critical'];
const tones: { [severity: string]: Tone } = {
    warning: 'warning',
    error: 'bad',
    critical: 'bad',
};

/** What the broker remembers, then each line as it comes. */
export function Logs() {
    const level = place.value.query.get('level') ?? '';
    const [lines, setLines] = useState<LogLine[]>([]);
    const [error, setError] = useState<ApiError | null>(null);
    const [only, setOnly] = useState('');
    const query = level ? `?level=${level}` : '';
    const readLevel = useRef<string | null>(null);
    useEffect(() => {
        if (!isLive.value) return undefined;
        const end = new AbortController();
        const mark = cutMark();
        const failed = (cause: unknown) => {
            if (end.signal.aborted) return;
            const error = reasonOf(cause);
            mark(!isFinal(error));
            setError(error);
        };
        let drawing = 0;
        const fresh: LogLine[] = [];
        const draw = () => {
            const drawn = fresh.splice(0);
            setLines((all) => [...all, ...drawn].slice(-most));
        };
        // What was before is read when nothing is missed any more, and what came meanwhile is in both. Lines of a broker
        // that has ended are not forgotten here.
        const readBefore = async () => {
            const answer = await ask('GET', `/api/logs?level=${level || 'debug'}`, { signal: end.signal });
            const before = parse(await answer.text());
            mark(false);
            setError(null);
            const known = new Set(before.map(nameOf));
            draw();
            setLines((live) =>
                [...before, ...live.filter((line) => !known.has(nameOf(line)))]
                    .sort((one, other) => one.timestamp - other.timestamp)
                    .slice(-most),
            );
        };
        const read = async () => {
            for await (const event of follow(`/api/livelog${query}`, end.signal, () => readBefore().catch(failed))) {
                if (event.name === 'missed') continue;
                // Drawn together with those that follow at once: a busy broker writes many.
                if (fresh.push(JSON.parse(event.data) as LogLine) === 1) drawing = setTimeout(draw, drawsEvery);
            }
        };
        const readOn = async () => {
            for (let wait = waits.first; !end.signal.aborted; wait = Math.min(wait * 2, waits.longest)) {
                try {
                    await read();
                    wait = waits.first;
                } catch (cause) {
                    failed(cause);
                    if (isFinal(reasonOf(cause))) return;
                }
                await sleep(wait);
            }
        };
        setError(null);
        // After a while in which nobody looked, what was missed comes to what is there.
        if (readLevel.current !== level) setLines([]);
        readLevel.current = level;
        void readOn();
        return () => {
            end.abort();
            clearTimeout(drawing);
            draw();
            mark(false);
        };
    }, [level, isLive.value]);
    const wanted = only.toLowerCase();
    const shown = lines.filter((line) => `${line.source} ${line.message}`.toLowerCase().includes(wanted));
    return (
        <>
            <header class="title">
                <h1>Logs</h1>
                <span class="actions">
                    <Action
                        label="Rotate…"
                        title="Begin a new log file?"
                        explain={
                            <p>The file so far is kept beside it under another name, as log.file.rotation says.</p>
                        }
                        done="The log goes on in a new file"
                        run={() => send('PUT', '/api/logs/rotate')}
                    />
                </span>
            </header>
            {error && <Problem error={error} />}
            <div class="list">
                <div class="toolbar">
                    <Only label="Only lines with" placeholder="Only with…  /" text={only} set={setOnly} />
                    <label class="inline">
                        At least{' '}
                        <select value={level} onChange={(event) => setQuery({ level: event.currentTarget.value })}>
                            <option value="">everything</option>
                            {levels.map((name) => (
                                <option key={name}>{name}</option>
                            ))}
                        </select>
                    </label>
                    <span class="total" role="status">
                        {shown.length} lines
                    </span>
                </div>
                {shown.length === 0 ? (
                    <div class="empty">
                        <p>
                            {lines.length > 0
                                ? `None of ${count(lines.length)} lines has that. Shorten the text, or take it out.`
                                : paused.value
                                  ? 'Paused: lines are read when the page goes on.'
                                  : 'No line yet; they appear here as they are written.'}
                        </p>
                    </div>
                ) : (
                    <div class="scroll log" tabIndex={0} role="region" aria-label="Lines of the log, the newest first">
                        <table>
                            <thead>
                                <tr>
                                    <th scope="col">Time</th>
                                    <th scope="col">Level</th>
                                    <th scope="col">From</th>
                                    <th scope="col">What</th>
                                </tr>
                            </thead>
                            <tbody>
                                {shown
                                    .map((line) => (
                                        <tr key={keyOf(line)}>
                                            <td>
                                                <time dateTime={new Date(line.timestamp).toISOString()}>
                                                    {clock.format(line.timestamp)}
                                                </time>
                                            </td>
                                            <td>
                                                <Level of={line.severity} />
                                            </td>
                                            <td>{line.source}</td>
                                            <td class="text">{line.message}</td>
                                        </tr>
                                    ))
                                    .reverse()}
                            </tbody>
                        </table>
                    </div>
                )}
            </div>
        </>
    );
}

const Level = ({ of }: { of: string }) =>
    tones[of] ? <Badge tone={tones[of]}>{of}</Badge> : <span class="quiet">{of}</span>;

// Lines may be alike to the word; a row is that of its line, so that only new ones are made anew.
const keys = new WeakMap<LogLine, number>();
let lastKey = 0;
function keyOf(line: LogLine): number {
    const key = keys.get(line) ?? ++lastKey;
    keys.set(line, key);
    return key;
}

const nameOf = ({ timestamp, source, message }: LogLine) => `${timestamp} ${source} ${message}`;

/** Lines such as 2026-05-04T09:12:31.000Z [info] queue a text. */
function parse(text: string): LogLine[] {
    const lines: LogLine[] = [];
    for (const line of text.split('\n')) {
        const match = /^(\S+) \[(\w+)\] (\S+) (.*)$/.exec(line);
        if (match)
            lines.push({
                timestamp: Date.parse(match[1] ?? ''),
                severity: match[2] ?? '',
                category: '',
                source: match[3] ?? '',
                message: match[4] ?? '',
            });
    }
    return lines;
}
