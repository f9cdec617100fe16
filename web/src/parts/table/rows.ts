import { useMemo, useRef, useState } from 'preact/hooks';
import { useLive } from '../../api/live';
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

/** Of a list of any length only what is in sight, and that live: one page of it, or two where two meet. */
export function useRows<T>(path: string, parameters: string, visible: number): Rows<T> {
    const [top, setTop] = useState(0);
    const first = Math.max(0, top - margin);
    const end = top + visible + margin;
    const known = useRef({ of: '', pages: new Map<number, T[]>(), total: undefined as number | undefined, all: 0 });
    const lastRow = Math.max(0, Math.min(end, known.current.total ?? end) - 1);
    const upper = Math.floor(Math.min(first, lastRow) / pageSize) + 1;
    const lower = Math.floor(lastRow / pageSize) + 1;
    const of = `${path}?${parameters}`;
    const url = (page: number) => `${of}&page=${page}&page_size=${pageSize}`;
    const one = useLive<Page<T>>(url(upper), 2000);
    const two = useLive<Page<T>>(lower === upper ? null : url(lower), 2000);
    useMemo(() => {
        for (const live of [one, two]) {
            if (!live.data || !live.path.startsWith(`${of}&page=`) || live.error) continue;
            if (known.current.of !== of) known.current = { of, pages: new Map(), total: undefined, all: 0 };
            known.current.pages.set(live.data.page, live.data.items);
            known.current.total = live.data.filtered_count;
            known.current.all = live.data.total_count;
        }
    }, [one, two, of]);
    const { pages, total, all } = known.current;
    return {
        total,
        all,
        first,
        last: Math.min(end, total ?? 0),
        at: (index) => pages.get(Math.floor(index / pageSize) + 1)?.[index % pageSize],
        error: one.error ?? two.error,
        scrolled: (element) => setTop(Math.max(0, Math.floor(element.scrollTop / rowHeight))),
    };
}
