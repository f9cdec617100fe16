import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { theme } from './theme';

export interface Series {
    label: string;
    /** A custom property of the style sheet: --series-1. */
    colour: string;
    values: (number | null)[];
}

interface Props {
    title: string;
    /** Seconds since 1970. */
    times: number[];
    series: Series[];
    unit: (value: number) => string;
    height?: number;
}

const clock = new Intl.DateTimeFormat(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
});

const style = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Lines over time, with the latest figures in words below. */
export function Chart({ title, times, series, unit, height = 170 }: Props) {
    const box = useRef<HTMLDivElement>(null);
    const plot = useRef<uPlot>();
    const labels = series.map((line) => line.label).join();
    const data: uPlot.AlignedData = [times, ...series.map((line) => line.values)];
    useEffect(() => {
        const element = box.current;
        if (!element) return undefined;
        const grid = { stroke: style('--line'), width: 1 };
        const axis = { stroke: style('--quiet'), grid, ticks: grid, font: '11px system-ui, sans-serif' };
        const made = new uPlot(
            {
                width: element.clientWidth || 300,
                height,
                legend: { show: false },
                cursor: { y: false, points: { size: 6 } },
                scales: { y: { range: (_, low, high) => [Math.min(0, low), high <= 0 ? 1 : high * 1.1] } },
                axes: [
                    { ...axis, space: 70, size: 28, values: (_, at) => at.map((time) => clock.format(time * 1000)) },
                    { ...axis, size: 62, values: (_, at) => at.map(unit) },
                ],
                series: [
                    {},
                    ...series.map((line) => ({
                        label: line.label,
                        stroke: style(line.colour),
                        width: 2,
                        points: { show: false },
                    })),
                ],
            },
            data,
            element,
        );
        plot.current = made;
        const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
        watch.observe(element);
        return () => {
            watch.disconnect();
            made.destroy();
        };
    }, [labels, height, theme.value]);
    useEffect(() => plot.current?.setData(data), [times]);
    return (
        <figure class="chart">
            <figcaption>{title}</figcaption>
            <div ref={box} class="plot" aria-hidden="true" />
            <ul class="legend">
                {series.map((line) => {
                    const last = line.values.at(-1);
                    return (
                        <li key={line.label}>
                            <svg width="12" height="4" aria-hidden="true">
                                <rect width="12" height="4" rx="2" class={line.colour.slice(2)} />
                            </svg>
                            {line.label} <strong>{last === null || last === undefined ? '–' : unit(last)}</strong>
                        </li>
                    );
                })}
            </ul>
        </figure>
    );
}
