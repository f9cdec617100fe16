import { useRef } from 'preact/hooks';

const most = 600;

/** What this page has seen of figures since it was opened, for charts: the broker's answers as they came, at most 600. */
export function useSeen(
    key: string,
    figures: (number | null)[] | undefined,
): { times: number[]; values: (number | null)[][] } {
    const seen = useRef({ key, times: [] as number[], values: [] as (number | null)[][], last: undefined as unknown });
    if (seen.current.key !== key) seen.current = { key, times: [], values: [], last: undefined };
    const { current } = seen;
    if (figures && figures !== current.last) {
        current.last = figures;
        current.times = [...current.times, Date.now() / 1000].slice(-most);
        current.values = figures.map((figure, index) => [...(current.values[index] ?? []), figure].slice(-most));
    }
    return current;
}

/** Of totals: how many a second, over some answers so that it is calm. */
export function rates(times: number[], totals: (number | null)[]): (number | null)[] {
    const over = 3;
    return totals.map((total, index) => {
        const before = Math.max(0, index - over);
        const [was, then, now] = [totals[before], times[before], times[index]];
        if (
            index === 0 ||
            total === null ||
            was === null ||
            was === undefined ||
            then === undefined ||
            now === undefined
        )
            return null;
        return Math.max(0, (total - was) / (now - then));
    });
}
