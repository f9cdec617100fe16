import { bytes } from '../../api/units';
import type { ChartOf } from '../../parts/Charts';

const percent = (value: number) => `${Number(value.toFixed(value < 10 ? 1 : 0))} %`;

export const loadCharts: ChartOf[] = [
    { title: 'Memory', unit: bytes, lines: [{ label: 'used', field: 'mem_used', colour: 1 }] },
    {
        title: 'Processor, of one core',
        unit: percent,
        isRate: true,
        // Milliseconds a second, as percents.
        times: 0.1,
        lines: [
            { label: 'broker', field: 'cpu_user_time', colour: 1 },
            { label: 'kernel for it', field: 'cpu_sys_time', colour: 2 },
        ],
    },
];
