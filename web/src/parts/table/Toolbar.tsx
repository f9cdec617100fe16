import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { count } from '../../api/units';
import type { Column } from './column';
import type { ListQuery } from './query';

interface Props<T> {
    what: string;
    query: ListQuery;
    columns: Column<T>[];
    shown: Column<T>[];
    chosen: Signal<string[] | null>;
    tools: ComponentChildren;
    total: number | undefined;
    all: number;
    isMain: boolean;
}

/** Search, filters, how many there are, columns. */
export function Toolbar<T>({ what, query, columns, shown, chosen, tools, total, all, isMain }: Props<T>) {
    const box = useRef<HTMLInputElement>(null);
    const later = useRef(0);
    const typed = useRef(query.text);
    const type = (text: string) => {
        clearTimeout(later.current);
        later.current = setTimeout(() => (query.text = typed.current = text), 250);
    };
    // What was typed is not for the page that the reader goes to.
    useEffect(() => () => clearTimeout(later.current), []);
    // The text that a link or the browser's history has put there.
    useEffect(() => {
        if (query.text === typed.current) return;
        clearTimeout(later.current);
        typed.current = query.text;
        if (box.current) box.current.value = query.text;
    }, [query.text]);
    const label = (field: string) => columns.find((column) => column.filter === field)?.label ?? field;
    return (
        <div class="toolbar">
            <input
                ref={box}
                type="search"
                {...(isMain ? { id: 'search', placeholder: 'Search  /' } : { placeholder: 'Search' })}
                aria-label={`Search ${what} by name`}
                defaultValue={query.text}
                spellcheck={false}
                onInput={(event) => type(event.currentTarget.value)}
            />
            {columns.some((column) => column.filter) && <AddFilter columns={columns} query={query} />}
            {query.filters.map(({ field, value }) => (
                <span class="chip" key={field}>
                    {label(field)} {describe(value)}
                    <button
                        type="button"
                        aria-label={`Remove the filter ${label(field)}`}
                        onClick={() => query.filter(field, '')}
                    >
                        ×
                    </button>
                </span>
            ))}
            {tools}
            <span class="total" role="status">
                {total === undefined
                    ? ''
                    : total === all
                      ? `${count(all)} ${all === 1 ? singular(what) : what}`
                      : `${count(total)} of ${count(all)} ${what}`}
            </span>
            <ChooseColumns columns={columns} shown={shown} chosen={chosen} />
        </div>
    );
}

/** queues, policies: a queue, a policy. */
const singular = (what: string) => what.replace(/ies$/, 'y').replace(/s$/, '');

const comparisons = [
    ['', 'is'],
    ['!', 'is not'],
    ['~', 'matches'],
    ['>', 'is more than'],
    ['<', 'is less than'],
] as const;

function describe(value: string): string {
    const [sign, words] = comparisons.find(([sign]) => sign !== '' && value.startsWith(sign)) ?? ['', 'is'];
    return `${words} ${value.slice(sign.length).replace(/^=/, '') || 'empty'}`;
}

function AddFilter<T>({ columns, query }: { columns: Column<T>[]; query: ListQuery }) {
    const menu = useRef<HTMLDetailsElement>(null);
    const submit = (event: SubmitEvent) => {
        event.preventDefault();
        const form = event.currentTarget as HTMLFormElement;
        const given = new FormData(form);
        query.filter(String(given.get('field')), `${given.get('comparison')}${given.get('value')}`);
        form.reset();
        menu.current?.removeAttribute('open');
    };
    return (
        <details class="menu" ref={menu}>
            <summary>Filter</summary>
            <form onSubmit={submit}>
                <label class="field">
                    <span>Column</span>
                    <select name="field">
                        {columns
                            .filter((column) => column.filter)
                            .map((column) => (
                                <option key={column.key} value={column.filter}>
                                    {column.label}
                                </option>
                            ))}
                    </select>
                </label>
                <label class="field">
                    <span>Comparison</span>
                    <select name="comparison">
                        {comparisons.map(([sign, words]) => (
                            <option key={words} value={sign}>
                                {words}
                            </option>
                        ))}
                    </select>
                </label>
                <label class="field">
                    <span>Value</span>
                    <input name="value" required autocomplete="off" />
                </label>
                <button type="submit" class="primary">
                    Add
                </button>
            </form>
        </details>
    );
}

function ChooseColumns<T>({ columns, shown, chosen }: Pick<Props<T>, 'columns' | 'shown' | 'chosen'>) {
    const toggle = (key: string) => {
        const keys = shown.map((column) => column.key);
        const next = keys.includes(key) ? keys.filter((other) => other !== key) : [...keys, key];
        if (next.length > 0) chosen.value = columns.map((column) => column.key).filter((other) => next.includes(other));
    };
    return (
        <details class="menu right">
            <summary>Columns</summary>
            <div role="group" aria-label="Columns">
                {columns.map((column) => (
                    <label key={column.key} class="check">
                        <input type="checkbox" checked={shown.includes(column)} onChange={() => toggle(column.key)} />{' '}
                        {column.label}
                    </label>
                ))}
                {chosen.value && (
                    <button type="button" class="compact" onClick={() => (chosen.value = null)}>
                        As it was
                    </button>
                )}
            </div>
        </details>
    );
}
