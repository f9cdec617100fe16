// Figures for people.

import { now } from './clock';

const whole = new Intl.NumberFormat('en');

/** 12,345; from a million on 1.23 M. */
export function count(value: number | undefined): string {
    if (value === undefined) return '';
    if (value >= 1e9) return `${(value / 1e9).toFixed(2)} G`;
    if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
    return whole.format(value);
}

/** 0/s, 0.25/s, 1,234/s. */
export function perSecond(value: number | undefined): string {
    if (value === undefined) return '';
    if (value > 0 && value < 10) return `${Number(value.toFixed(value < 1 ? 2 : 1))}/s`;
    return `${count(Math.round(value))}/s`;
}

const sizes = ['B', 'kiB', 'MiB', 'GiB', 'TiB'];

/** 512 B, 12.3 kiB. */
export function bytes(value: number | undefined): string {
    if (value === undefined) return '';
    let size = 0;
    while (value >= 1024 && size < sizes.length - 1) {
        value /= 1024;
        size++;
    }
    return `${size === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${sizes[size]}`;
}

export const bytesPerSecond = (value: number | undefined) => (value === undefined ? '' : `${bytes(value)}/s`);

/** 850 ms, 12 s, 5 min 3 s, 3 h 20 min, 4 d 2 h. */
export function duration(ms: number | undefined): string {
    if (ms === undefined) return '';
    if (ms < 1000) return `${Math.round(ms)} ms`;
    const seconds = Math.floor(ms / 1000);
    const [d, h, m, s] = [
        Math.floor(seconds / 86400),
        Math.floor(seconds / 3600) % 24,
        Math.floor(seconds / 60) % 60,
        seconds % 60,
    ];
    if (d > 0) return `${d} d ${h} h`;
    if (h > 0) return `${h} h ${m} min`;
    if (m > 0) return `${m} min ${s} s`;
    return `${s} s`;
}

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' });

/** The reader's own time, in full. */
export const localTime = (at: number | string) => dateTime.format(new Date(at));

/** For tables, the greatest unit alone: 850 ms, 12 s, 5 min, 3 h, 4 d. */
export function roughly(ms: number | undefined): string {
    const [value = '', unit = ''] = duration(ms).split(' ');
    return value && `${value} ${unit}`;
}

/** 5 s ago, 3 h ago. */
export function ago(at: number | string): string {
    const ms = now() - new Date(at).getTime();
    return ms < 1000 ? 'now' : `${roughly(ms)} ago`;
}
