import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { outOfRange, useLive } from '../../api/live';
import type { ApiError } from '../../api/request';
import type { Page } from '../../api/types/common';

/** Pixels; the style sheet has the same. */
export const rowHeight = 36;

const pageSize = 100;
const margin = 10;

export interface Rows<T> {
    /** Undefined until the first answer is there. */
    total: number | undefined;
    all: number;
    at: (index: number) => T | undefined;
    first: number;
    last: number;
    error: ApiError | null;
    scrolled: (element: HTMLElement) => void;
}

const lengthIn = (error: ApiError | null) => {
    const told = error && outOfRange.exec(error.message);
    return told ? Number(told[1]) : undefined;
};

/** Of a list of any length only what is in sight, and that live: one page of it, or two where two meet. */
export function useRows<T>(path: string, parameters: string, visible: number): Rows<T> {
    const [top, setTop] = useState(0);
    const [{ total, all }, setLength] = useState<{ total: number | undefined; all: number }>({
        total: undefined,
        all: 0,
    });
    // It may have become shorter than where the reader was.
    const first = Math.max(0, Math.min(top, (total ?? Infinity) - visible) - margin);
    const end = Math.min(first + visible + 2 * margin, total ?? Infinity);
    const upper = Math.floor(first / pageSize) + 1;
    const lower = Math.floor(Math.max(first, end - 1) / pageSize) + 1;
    const of = `${path}?${parameters && `${parameters}&`}page=`;
    const url = (page: number) => `${of}${page}&page_size=${pageSize}`;
    const one = useLive<Page<T>>(url(upper), 2000);
    const two = useLive<Page<T>>(lower === upper ? null : url(lower), 2000);
    const known = useRef({ of: '', pages: new Map<number, T[]>() });
    useMemo(() => {
        for (const live of [one, two]) {
            const { data, error } = live;
            if (!data || error || !live.path.startsWith(of)) continue;
            if (known.current.of !== of) known.current = { of, pages: new Map() };
            known.current.pages.set(data.page, data.items);
        }
    }, [one, two, of]);
    useEffect(() => {
        for (const live of [two, one]) {
            const { data, error } = live;
            if (!live.path.startsWith(of)) continue;
            const total = lengthIn(error) ?? (error ? undefined : data?.filtered_count);
            if (total === undefined) continue;
            setLength((last) => {
                const all = error ? last.all : (data?.total_count ?? total);
                return last.total === total && last.all === all ? last : { total, all };
            });
        }
    }, [one, two, of]);
    // Of pages that are no longer looked at, or no longer there, nobody need know.
    const failed = [one, two].find(
        (live) => live.error && lengthIn(live.error) === undefined && [url(upper), url(lower)].includes(live.path),
    );
    const { pages } = known.current;
    return {
        total,
        all,
        first,
        last: Math.min(end, total ?? 0),
        at: (index) => pages.get(Math.floor(index / pageSize) + 1)?.[index % pageSize],
        error: failed?.error ?? null,
        scrolled: (element) => setTop(Math.max(0, Math.floor(element.scrollTop / rowHeight))),
    };
}
