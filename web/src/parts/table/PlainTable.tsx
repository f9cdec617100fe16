import type { ComponentChildren } from 'preact';

export interface PlainColumn<T> {
    label: string;
    show: (row: T) => ComponentChildren;
    numeric?: boolean;
    hint?: string;
}

interface Props<T> {
    /** What it is of, for screen readers. */
    label: string;
    rows: T[];
    rowKey: (row: T) => string;
    columns: PlainColumn<T>[];
}

/** A short list, whole. */
export const PlainTable = <T,>({ label, rows, rowKey, columns }: Props<T>) => (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
        <table>
            <thead>
                <tr>
                    {columns.map((column) => (
                        <th
                            key={column.label}
                            scope="col"
                            class={column.numeric ? 'number' : ''}
                            {...(column.hint ? { title: column.hint } : {})}
                        >
                            {column.label}
                        </th>
                    ))}
                </tr>
            </thead>
            <tbody>
                {rows.map((row) => (
                    <tr key={rowKey(row)}>
                        {columns.map((column) => (
                            <td key={column.label} class={column.numeric ? 'number' : ''}>
                                {column.show(row)}
                            </td>
                        ))}
                    </tr>
                ))}
            </tbody>
        </table>
    </div>
);
