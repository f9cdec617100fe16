import type { ComponentChildren } from 'preact';
import { range, ranges, rates, useHistory } from '../api/history';
import { bytesPerSecond, perSecond } from '../api/units';
import { Chart } from './Chart';

export interface Line {
    label: string;
    /** The dotted name of the figure in the answer; of two, the first plus or minus the second. */
    field: string;
    plus?: string;
    minus?: string;
    colour: 1 | 2 | 3 | 4;
}

export interface ChartOf {
    title: string;
    unit: (value: number) => string;
    /** Whether the figures are totals, of which their growth by the second is shown. */
    isRate?: boolean;
    /** What a figure, or its growth, is multiplied with. */
    times?: number;
    lines: Line[];
}

/** Of whatever publishes and consumes. */
export const messageRates: ChartOf = {
    title: 'Messages a second',
    unit: perSecond,
    isRate: true,
    lines: [
        { label: 'published', field: 'message_stats.publish', colour: 1 },
        { label: 'delivered', field: 'message_stats.deliver_get', colour: 2 },
        { label: 'acknowledged', field: 'message_stats.ack', colour: 3 },
        {
            label: 'without a queue',
            field: 'message_stats.return_unroutable',
            plus: 'message_stats.drop_unroutable',
            colour: 4,
        },
    ],
};

/** @param of where its figures are, with a dot at the end. */
export const byteRates = (of = ''): ChartOf => ({
    title: 'Bytes a second',
    unit: bytesPerSecond,
    isRate: true,
    lines: [
        { label: 'received', field: `${of}recv_oct`, colour: 1 },
        { label: 'sent', field: `${of}send_oct`, colour: 2 },
    ],
});

/** In which of its ways messages go out. */
export const deliveryKinds: ChartOf = {
    title: 'Deliveries a second',
    unit: perSecond,
    isRate: true,
    lines: [
        { label: 'to acknowledge', field: 'message_stats.deliver', colour: 1 },
        { label: 'auto-ack', field: 'message_stats.deliver_no_ack', colour: 2 },
        { label: 'got', field: 'message_stats.get', plus: 'message_stats.get_no_ack', colour: 3 },
        { label: 'redelivered', field: 'message_stats.redeliver', colour: 4 },
    ],
};

interface ChartsProps {
    path: string;
    answer: object | undefined;
    of: ChartOf[];
    /** What they are of has gone: they end there. */
    isOver?: boolean;
}

/** Figures over time: at once from the broker's samples, then live from the answers of the page. */
export function Charts({ path, answer, of, isOver = false }: ChartsProps) {
    const lines = of.flatMap((chart) => chart.lines);
    const fields = [...new Set(lines.flatMap((l) => [l.field, l.plus, l.minus]).filter((f) => f !== undefined))];
    const { times, values } = useHistory(path, fields, answer, isOver);
    const valuesOf = (field: string | undefined) => values[fields.indexOf(field ?? '')] ?? [];
    const figures = ({ field, plus, minus }: Line) => {
        const [first, added, taken] = [valuesOf(field), valuesOf(plus), valuesOf(minus)];
        return first.map((value, index) => (value === null ? null : value + (added[index] ?? 0) - (taken[index] ?? 0)));
    };
    const scaled = (row: (number | null)[], factor = 1) =>
        factor === 1 ? row : row.map((value) => (value === null ? null : value * factor));
    return (
        <>
            {of.map((chart) => (
                <Chart
                    key={chart.title}
                    title={chart.title}
                    unit={chart.unit}
                    times={times}
                    age={range.value.age}
                    series={chart.lines.map((line) => ({
                        label: line.label,
                        colour: `--series-${line.colour}`,
                        values: scaled(chart.isRate ? rates(times, figures(line)) : figures(line), chart.times),
                    }))}
                />
            ))}
        </>
    );
}

/** Where charts stand, with the choice of how far back they go. */
export const ChartGrid = ({ children }: { children: ComponentChildren }) => (
    <>
        <RangeChoice />
        <div class="charts">{children}</div>
    </>
);

const RangeChoice = () => (
    <div class="tabs range" role="group" aria-label="How far back charts go">
        {Object.entries(ranges).map(([id, { label }]) => (
            <button type="button" key={id} aria-pressed={range.id === id} onClick={() => (range.id = id)}>
                {label}
            </button>
        ))}
    </div>
);
