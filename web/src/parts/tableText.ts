import type { Table, Value } from '../api/types/common';

/** What a field for arguments takes. */
export const tableHint =
    'One a line: x-max-length = 1000. Numbers, true, false and JSON are taken as such; "42" in quotes stays a text.';

/** Reads lines of name = value. */
export function readTable(text: string): Table {
    const table: Table = {};
    for (const line of text.split('\n')) {
        if (line.trim() === '') continue;
        const equals = line.indexOf('=');
        if (equals < 1) throw new Error(`"${line.trim()}" is not name = value`);
        table[line.slice(0, equals).trim()] = readValue(line.slice(equals + 1).trim());
    }
    return table;
}

/** JSON, or the text as it is. */
export function readValue(text: string): Value {
    try {
        return JSON.parse(text) as Value;
    } catch {
        return text;
    }
}

/** What is read as this again: text that looks like something else is in quotes. */
export const writeValue = (value: Value) =>
    typeof value === 'string' && value === value.trim() && !value.includes('\n') && readValue(value) === value
        ? value
        : JSON.stringify(value);
