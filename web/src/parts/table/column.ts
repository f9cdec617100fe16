import type { ComponentChildren } from 'preact';
import type { Rate } from '../../api/types/common';
import { perSecond } from '../../api/units';

export interface Column<T> {
    key: string;
    label: string;
    show: (row: T) => ComponentChildren;
    /** The field that the broker sorts by; without it the column does not sort. */
    sort?: string;
    /** The field that the broker filters by. */
    filter?: string;
    /** What it needs of the answer, besides what it sorts by. */
    fields?: string[];
    /** Shown until the reader chooses otherwise. */
    usual?: boolean;
    numeric?: boolean;
    /** A number that tells which row it is: sorted from the first one on, where figures begin with the greatest. */
    ordinal?: boolean;
    hint?: string;
}

/** The fields to ask for, so that nothing comes that nobody sees. */
export function fieldsOf<T>(columns: Column<T>[], always: string[]): string {
    const fields = new Set(always);
    for (const column of columns) {
        for (const field of column.fields ?? (column.sort ? [column.sort] : [])) fields.add(field);
    }
    return [...fields].join(',');
}

/** How many a second of what FIELD counts. */
export const rateColumn = <T>(
    key: string,
    label: string,
    field: string,
    of: (row: T) => Rate | undefined,
    usual = true,
): Column<T> => ({
    key,
    label,
    sort: `${field}_details.rate`,
    filter: `${field}_details.rate`,
    numeric: true,
    usual,
    show: (row) => perSecond(of(row)?.rate),
});
