import { useEffect, useRef, useState } from 'preact/hooks';
import { saved } from '../parts/saved';
import { now } from './clock';
import { isLive, lookOf, stale } from './live';
import { get } from './request';
import type { Rate } from './types/common';

export interface Range {
    label: string;
    /** Seconds: how far back, and how far apart the broker's samples are. */
    age: number;
    step: number;
}

/** What the broker keeps. */
export const ranges: { [id: string]: Range } = {
    minutes: { label: '10 min', age: 600, step: 5 },
    hour: { label: '1 hour', age: 3600, step: 30 },
    day: { label: '1 day', age: 86_400, step: 600 },
};

const chosen = saved('range', 'minutes');

/** How far back charts go; the reader's choice, for all of them. */
export const range = {
    get id(): string {
        return ranges[chosen.value] ? chosen.value : 'minutes';
    },
    set id(id: string) {
        chosen.value = id;
    },
    get value(): Range {
        return ranges[range.id] as Range;
    },
};

export interface History {
    /** Seconds since 1970. */
    times: number[];
    /** Of each field, at these times. */
    values: (number | null)[][];
}

// The broker's newest sample may be of a step before.
const sampledEvery = 5;
const ticksEvery = 1000;
// A chart of 600 pixels shows no more.
const points = 600;

/**
 * What figures have been: the broker's samples at first, then what comes of them live.
 * @param path what the figures are of.
 * @param fields dotted names in its answer; their samples are in FIELD_details.
 * @param answer the newest one.
 * @param isOver no other will come: what it is of has gone.
 */
export function useHistory(path: string, fields: string[], answer: object | undefined, isOver: boolean): History {
    const { age, step } = range.value;
    const key = `${path} ${age} ${fields.join()}`;
    const [before, setBefore] = useState<{ key: string; history: History } | null>(null);
    const tail = useRef({ key, last: undefined as unknown, times: [] as number[], rows: [] as (number | null)[][] });

    // A page that nobody looked at has missed some.
    const live = isLive.value && !isOver;
    useEffect(() => {
        if (!live) return undefined;
        const end = new AbortController();
        get(asked(path, fields, age, step), end.signal).then(
            (found) => setBefore({ key, history: samplesOf(found, fields) }),
            () => undefined, // Without them it begins now; what is wrong is told where the figures are.
        );
        return () => end.abort();
    }, [key, live]);

    // What does not change is not told again: it is so at each look of the broker.
    const [, tick] = useState(0);
    useEffect(() => {
        if (!live) return undefined;
        const timer = setInterval(() => tick((n) => n + 1), ticksEvery);
        return () => clearInterval(timer);
    }, [live]);

    if (tail.current.key !== key) tail.current = { key, last: undefined, times: [], rows: [] };
    const { current } = tail;
    const { until, every } = lookOf(answer ?? {});
    const isDue =
        performance.now() >= until &&
        Math.abs(now() - (current.times.at(-1) ?? 0) * 1000) >= Math.max(every, ticksEvery);
    if (answer !== undefined && (answer !== current.last || (isDue && live && stale.value === 0))) {
        current.last = answer;
        add(
            current,
            now() / 1000,
            fields.map((field) => numberAt(answer, field)),
            age,
        );
    }
    return join(before?.key === key ? before.history : { times: [], values: fields.map(() => []) }, current, age);
}

interface Tail {
    times: number[];
    rows: (number | null)[][];
}

/** The newest is always there, those before it as dense as a chart can show. */
function add(tail: Tail, at: number, row: (number | null)[], age: number): void {
    const [last, before] = [tail.times.at(-1), tail.times.at(-2)];
    if (last !== undefined && before !== undefined && last - before < (age / points) * 0.9) {
        tail.times.pop();
        tail.rows.pop();
    }
    // The clock may have been set back.
    while ((tail.times.at(-1) ?? -Infinity) >= at) {
        tail.times.pop();
        tail.rows.pop();
    }
    tail.times.push(at);
    tail.rows.push(row);
    while ((tail.times[0] ?? at) < at - age) {
        tail.times.shift();
        tail.rows.shift();
    }
}

function join(before: History, tail: Tail, age: number): History {
    const first = tail.times[0] ?? Infinity;
    const from = (tail.times.at(-1) ?? before.times.at(-1) ?? 0) - age;
    const kept = before.times
        .map((_, index) => index)
        .filter((index) => {
            const time = before.times[index] ?? 0;
            const isKnown = before.values.some((of) => of[index] !== null);
            return isKnown && time >= from && time < first;
        });
    return {
        times: [...kept.map((index) => before.times[index] ?? 0), ...tail.times],
        values: before.values.map((of, field) => [
            ...kept.map((index) => of[index] ?? null),
            ...tail.rows.map((row) => row[field] ?? null),
        ]),
    };
}

function asked(path: string, fields: string[], age: number, step: number): string {
    const query = new URLSearchParams({
        columns: fields.flatMap((f) => [`${f}_details.samples`, `${f}_details.samples_since`]).join(),
    });
    for (const group of ['lengths', 'msg_rates', 'data_rates', 'node_stats']) {
        query.set(`${group}_age`, String(age));
        query.set(`${group}_incr`, String(step));
    }
    return `${path}?${query}`;
}

function samplesOf(answer: unknown, fields: string[]): History {
    const all = fields.map((field) => at(answer, `${field}_details`) as Rate | undefined);
    // The latest first, which may not have been taken yet.
    const upTo = now() - sampledEvery * 1000;
    const times = (all.find((one) => one?.samples)?.samples ?? [])
        .map((sample) => sample.timestamp)
        .filter((time) => time <= upTo)
        .reverse();
    return {
        times: times.map((time) => time / 1000),
        values: all.map((one) => {
            const of = new Map(one?.samples?.map((sample) => [sample.timestamp, sample.sample]));
            return times.map((time) => (time < (one?.samples_since ?? 0) ? null : (of.get(time) ?? null)));
        }),
    };
}

function at(answer: unknown, field: string): unknown {
    let found = answer;
    for (const name of field.split('.')) found = (found as { [name: string]: unknown } | undefined | null)?.[name];
    return found;
}

function numberAt(answer: unknown, field: string): number | null {
    const found = at(answer, field);
    return typeof found === 'number' ? found : null;
}

/** Of totals: how many a second, over some seconds so that it is calm. */
export function rates(times: number[], totals: (number | null)[]): (number | null)[] {
    const over = 2.9;
    let first = 0;
    return totals.map((total, index) => {
        const now = times[index] ?? 0;
        while ((times[first + 1] ?? now) <= now - over) first++;
        const [was, then] = [totals[first], times[first]];
        if (total === null || was === null || was === undefined || then === undefined || now - then < over) return null;
        // What began anew counts from nothing again.
        return total < was ? null : (total - was) / (now - then);
    });
}
