import { computed, signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { follow, rest } from './events';
import { ApiError, changes, get } from './request';
import { session } from './session';

export interface Live<T> {
    /** Of the path asked for last, or of the one before until there is its answer or an error. */
    data: T | undefined;
    /** What the data is of. */
    path: string;
    /** Why there is none, or no newer. */
    error: ApiError | null;
}

/** The reader has stopped the page; what is shown stays. */
export const paused = signal(false);

/** How many of what the page follows are cut off at this moment. */
export const stale = signal(0);

/** Milliseconds from one attempt to reach the broker to the next. */
export const waits = { first: 500, longest: 10_000 };

// A browser has six connections to a host, and some are needed for what the reader does. What is above is asked for.
const mostStreams = 4;
const asksEvery = 2000;
let streams = 0;

/** When the broker looks at something, in milliseconds of performance.now(). */
export interface Look {
    /** Until then it has not looked again. */
    until: number;
    /** From one look to the next. */
    every: number;
}

const looks = new WeakMap<object, Look>();
const lookedNow = (answer: object, every: number) =>
    looks.set(answer, { until: performance.now() + every + slack, every });

// What an answer needs to get here.
const slack = 500;

/** When the broker looks whether an answer is still so. */
export const lookOf = (answer: object): Look => looks.get(answer) ?? { until: 0, every: 0 };

export const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// A tab that nobody sees follows nothing: it costs the broker nothing, and a browser has six connections to a host.
const hidden = signal(document.hidden);
document.addEventListener('visibilitychange', () => (hidden.value = document.hidden));

/** Whether anything is followed at this moment. */
export const isLive = computed(() => !paused.value && !hidden.value && session.value !== null);

/**
 * What a GET answers, and again whenever it changes. Null follows nothing.
 * @param interval milliseconds between two looks of the broker.
 */
export function useLive<T>(path: string | null, interval = 1000): Live<T> {
    const [live, setLive] = useState<Live<T>>({ data: undefined, path: '', error: null });
    const stopped = !isLive.value;
    useEffect(() => {
        if (path === null || (stopped && live.path === path)) return undefined;
        const end = new AbortController();
        const mark = cutMark();
        void run(path, interval, end.signal, {
            next: (data) => {
                mark(false);
                setLive({ data: data as T, path, error: null });
                if (paused.value) end.abort();
            },
            failed: (error) => {
                mark(!isFinal(error));
                // Of what has gone or cannot be reached the last figures stay; those of another path are not its own.
                setLive((last) => ({ data: last.path === path ? last.data : undefined, path, error }));
            },
        });
        return () => {
            end.abort();
            mark(false);
        };
    }, [path, interval, stopped, changes.value]);
    return live;
}

/** Tells that something followed is cut off, and that it no longer is. */
export function cutMark(): (isCut: boolean) => void {
    let was = false;
    return (isCut) => {
        if (was !== isCut) stale.value += isCut ? 1 : -1;
        was = isCut;
    };
}

/** Why a request or a stream failed. */
export const reasonOf = (cause: unknown) =>
    cause instanceof ApiError ? cause : new ApiError(0, 'The broker cannot be reached');

/** What the broker says of a page behind the list's end, and how long the list is: it may grow again. */
export const outOfRange = /^Page out of range,.* len: (\d+)$/;

/** Waiting does not mend these; what comes back is found by looking at the page again. */
export const isFinal = ({ status, message }: ApiError) =>
    [401, 403, 404, 413].includes(status) || (status === 400 && !outOfRange.test(message));

interface Listener {
    next: (data: unknown) => void;
    failed: (error: ApiError) => void;
}

async function run(path: string, interval: number, signal: AbortSignal, listener: Listener): Promise<void> {
    const url = `${path}${path.includes('?') ? '&' : '?'}interval=${interval}`;
    let isRefused = false;
    for (let wait = waits.first; !signal.aborted; wait = Math.min(wait * 2, waits.longest)) {
        try {
            if (streams >= mostStreams || isRefused) {
                const found = await get<object>(path, signal);
                if (signal.aborted) return;
                lookedNow(found, Math.max(interval, asksEvery));
                listener.next(found);
                wait = waits.first;
                isRefused = false;
                await sleep(Math.max(interval, asksEvery));
                continue;
            }
            streams++;
            try {
                let answer = {};
                for await (const event of follow(url, signal)) {
                    if (signal.aborted) return;
                    if (event.name === 'end') throw asError(event.data);
                    wait = waits.first;
                    if (event.name === rest) {
                        lookedNow(answer, Number(event.data));
                        continue;
                    }
                    answer = JSON.parse(event.data) as object;
                    lookedNow(answer, interval);
                    listener.next(answer);
                }
            } finally {
                streams--;
            }
        } catch (cause) {
            if (signal.aborted) return;
            const error = reasonOf(cause);
            // There are too many streams at this moment, of other tabs or users: it is asked for instead.
            if (error.status === 429 && !isRefused) {
                isRefused = true;
                continue;
            }
            listener.failed(error);
            if (isFinal(error)) return;
        }
        await sleep(wait);
    }
}

/** Why a stream ended. Unless the thing is gone, asking again tells: the user may be another one's now, or nobody's. */
function asError(data: string): ApiError {
    const { error, reason } = JSON.parse(data) as { error?: string; reason?: string };
    return new ApiError(error === 'Object Not Found' ? 404 : 0, reason ?? 'It is not there any more');
}
