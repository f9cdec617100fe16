import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { bytes, bytesPerSecond, count, localTime } from '../api/units';
import { isDark } from './theme';

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
    /** Seconds that it goes back. */
    age: number;
}

const height = 170;
const timeSteps = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600];
const byteSteps = Array.from({ length: 50 }, (_, power) => 2 ** power);
// Of what is counted there is no half.
const wholeSteps = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
const isBytes = (unit: (value: number) => string) => unit === bytes || unit === bytesPerSecond;

const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...options });
const toTheMinute = format({});
const toTheSecond = format({ second: '2-digit' });

/** A colour of the style sheet as the canvas takes it: that of light or dark. */
function colourOf(name: string, box: HTMLElement): string {
    box.style.color = `var(${name})`;
    return getComputedStyle(box).color;
}

/** Lines over time, with figures in words below: the latest, or those where the pointer is. */
export function Chart({ title, times, series, unit, age }: Props) {
    const box = useRef<HTMLDivElement>(null);
    const plot = useRef<uPlot>();
    const [pointed, setPointed] = useState<number | null>(null);
    const labels = series.map((line) => line.label).join();
    const data: uPlot.AlignedData = [times, ...series.map((line) => line.values)];
    useEffect(() => {
        const element = box.current;
        if (!element) return undefined;
        const made = new uPlot(optionsOf(element, series, unit, age, setPointed), data, element);
        plot.current = made;
        const watch = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
        watch.observe(element);
        return () => {
            watch.disconnect();
            made.destroy();
        };
    }, [labels, age, isDark.value]);
    useEffect(() => plot.current?.setData(data), [data]);
    const shown = pointed !== null && pointed < times.length ? pointed : times.length - 1;
    return (
        <figure class="chart">
            <figcaption>
                {title}
                {pointed !== null && <time> {toTheSecond.format((times[shown] ?? 0) * 1000)}</time>}
            </figcaption>
            <div ref={box} class="plot" aria-hidden="true" />
            {times.length > 1 && (
                <p class="unseen">
                    Since{' '}
                    <time dateTime={new Date((times[0] ?? 0) * 1000).toISOString()}>
                        {localTime((times[0] ?? 0) * 1000)}
                    </time>
                    .{series.map((line) => ` At most ${unit(Math.max(...line.values.map(Number)))} ${line.label}.`)}
                </p>
            )}
            <ul class="legend">
                {series.map((line) => {
                    const value = line.values[shown];
                    return (
                        <li key={line.label}>
                            <svg width="12" height="4" aria-hidden="true">
                                <rect width="12" height="4" rx="2" class={line.colour.slice(2)} />
                            </svg>
                            {line.label} <strong>{value === null || value === undefined ? '–' : unit(value)}</strong>
                        </li>
                    );
                })}
            </ul>
        </figure>
    );
}

const stepsOf = (unit: (value: number) => string) =>
    isBytes(unit) ? { incrs: byteSteps } : unit === count ? { incrs: wholeSteps } : {};

function optionsOf(
    box: HTMLElement,
    series: Series[],
    unit: (value: number) => string,
    age: number,
    point: (index: number | null) => void,
): uPlot.Options {
    const grid = { stroke: colourOf('--line', box), width: 1 };
    const axis = { stroke: colourOf('--quiet', box), grid, ticks: grid, font: '11px system-ui, sans-serif' };
    const clock = ([first = 0, second = 60]: number[]) => ((second - first) % 60 === 0 ? toTheMinute : toTheSecond);
    return {
        width: box.clientWidth || 300,
        height,
        padding: [8, 26, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false }, sync: { key: 'charts' } },
        hooks: { setCursor: [(chart) => point(chart.cursor.idx ?? null)] },
        scales: {
            // As far back as something is known of, so that it is never squeezed to the edge.
            x: { range: (_, first, last) => [Math.max(last - age, Math.min(first, last - 60)), last] },
            y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 0) <= 0 ? 1 : high * 1.1] },
        },
        axes: [
            {
                ...axis,
                space: 56,
                size: 28,
                incrs: timeSteps,
                values: (_, at) => at.map((time) => clock(at).format(time * 1000)),
            },
            { ...axis, size: 74, ...stepsOf(unit), values: (_, at) => at.map(unit) },
        ],
        series: [
            {},
            ...series.map((line) => ({
                label: line.label,
                stroke: colourOf(line.colour, box),
                width: 2,
                spanGaps: false,
                points: { show: false },
            })),
        ],
    };
}
