/**
 * Which row is drawn with which elements: one that stays in sight keeps its own, and after a jump the new ones take over
 * those of the old, as making elements anew takes a third longer than filling them anew.
 */
export class RowKeys {
    private keys = new Map<string, number>();
    private next = 0;

    /** A key for each row, in their order. */
    of(rows: string[]): number[] {
        const staying = new Set(rows.filter((row) => this.keys.has(row)));
        const isJump = staying.size * 2 < rows.length;
        const free = isJump ? [...this.keys].filter(([row]) => !staying.has(row)).map(([, key]) => key) : [];
        let taken = 0;
        const keys = rows.map((row) => this.keys.get(row) ?? free[taken++] ?? this.next++);
        this.keys = new Map(rows.map((row, at) => [row, keys[at] as number]));
        return keys;
    }
}
