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
