import { Component, type ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { count } from '../../api/units';
import { Problem, Waiting } from '../Problem';
import { saved } from '../saved';
import { fieldsOf, type Column } from './column';
import { ListQuery } from './query';
import { RowKeys } from './RowKeys';
import { rowHeight, useRows } from './rows';
import { Toolbar } from './Toolbar';

export interface ListProps<T> {
    /** Its columns are remembered under it. */
    id: string;
    /** What a row is, in the plural: connections. */
    what: string;
    path: string;
    columns: Column<T>[];
    rowKey: (row: T) => string;
    /** Fields that rows need besides those of the shown columns. */
    need?: string[];
    /** Asks for whole rows, where they are short or the page uses all. */
    whole?: boolean;
    fixed?: Record<string, string>;
    sort?: string;
    down?: boolean;
    /** What to do when there is none at all. */
    empty: ComponentChildren;
    /** Beside the search. */
    tools?: ComponentChildren;
    /** One of several on a page: lower, and with parameters of its own. */
    part?: boolean;
    search?: boolean;
    /** Whether it heeds the choice of one virtual host; usually if it is the page's list. */
    ofVHost?: boolean;
}

/** A list as long as it likes: searched, filtered and sorted by the broker, drawn where it is looked at. */
export function ListTable<T>(props: ListProps<T>) {
    const { id, columns, need = [], fixed = {}, part } = props;
    const chosen = useMemo(() => saved<string[] | null>(`columns.${id}`, null), [id]);
    const { ofVHost = !part } = props;
    const vhostField = ofVHost ? columns.find((column) => column.key === 'vhost')?.filter : undefined;
    const query = new ListQuery(part ? id : '', props.sort ?? '', props.down ?? false, vhostField);
    const keys = chosen.value;
    const shown = useMemo(
        () => columns.filter((column) => (keys ? keys.includes(column.key) : column.usual !== false)),
        [columns, keys],
    );
    const [visible, setVisible] = useState(25);
    const box = useRef<HTMLDivElement>(null);
    const rows = useRows<T>(props.path, query.parameters(props.whole ? '' : fieldsOf(shown, need), fixed), visible);

    useEffect(() => {
        const element = box.current;
        if (!element) return undefined;
        const watch = new ResizeObserver(() => setVisible(Math.ceil(element.clientHeight / rowHeight)));
        watch.observe(element);
        return () => watch.disconnect();
    }, [rows.total === undefined]);

    const inSight = Array.from({ length: Math.max(0, rows.last - rows.first) }, (_, at) => rows.at(rows.first + at));
    const names = inSight.map((row, at) => (row ? props.rowKey(row) : `#${rows.first + at}`));
    const rowKeys = useMemo(() => new RowKeys(), []).of(names);
    return (
        <div class={`list ${part ? 'part' : ''}`}>
            {(props.search !== false || props.tools) && (
                <Toolbar
                    what={props.what}
                    query={query}
                    columns={columns}
                    chosen={chosen}
                    shown={shown}
                    tools={props.tools}
                    total={rows.total}
                    all={rows.all}
                    isMain={!part}
                />
            )}
            {rows.error && <Problem error={rows.error} />}
            {rows.total === undefined ? (
                !rows.error && <Waiting />
            ) : rows.total === 0 ? (
                <div class="empty">
                    {query.vhost && (
                        <p>
                            In the virtual host <strong>{query.vhost}</strong>:
                        </p>
                    )}
                    {query.isNarrow ? <NothingFound what={props.what} /> : props.empty}
                </div>
            ) : (
                <div
                    class="scroll"
                    ref={box}
                    tabIndex={0}
                    role="region"
                    aria-label={`${props.what}, ${count(rows.total)}`}
                    onScroll={(event) => rows.scrolled(event.currentTarget)}
                >
                    <table aria-rowcount={rows.total + 1}>
                        <thead>
                            <tr>
                                {shown.map((column) => (
                                    <Head key={column.key} column={column} query={query} />
                                ))}
                            </tr>
                        </thead>
                        <tbody>
                            <Gap rows={rows.first} span={shown.length} />
                            {inSight.map((row, at) => (
                                <Row<T>
                                    key={rowKeys[at]}
                                    of={names[at] ?? ''}
                                    index={rows.first + at}
                                    row={row}
                                    columns={shown}
                                />
                            ))}
                            <Gap rows={rows.total - rows.last} span={shown.length} />
                        </tbody>
                    </table>
                </div>
            )}
        </div>
    );
}

const NothingFound = ({ what }: { what: string }) => <p>No {what} match. Take out a filter, or shorten the text.</p>;

interface RowProps<T> {
    /** Its name among all. */
    of: string;
    index: number;
    row: T | undefined;
    columns: Column<T>[];
}

/** Made again only when it is another one, so that scrolling makes those alone that come into sight. */
class Row<T> extends Component<RowProps<T>> {
    override shouldComponentUpdate(next: RowProps<T>): boolean {
        const { index, row, columns } = this.props;
        return next.index !== index || next.row !== row || next.columns !== columns;
    }

    /** Who was at a link of the row before does not find himself at one of another. */
    override componentDidUpdate(before: RowProps<T>) {
        const { activeElement } = document;
        if (before.of !== this.props.of && activeElement && (this.base as Element).contains(activeElement))
            (activeElement as HTMLElement).blur();
    }

    override render({ index, row, columns }: RowProps<T>) {
        return (
            <tr aria-rowindex={index + 2}>
                {columns.map((column) => (
                    <Cell key={column.key} column={column} row={row} />
                ))}
            </tr>
        );
    }
}

function Cell<T>({ column, row }: { column: Column<T>; row: T | undefined }) {
    const content = row ? column.show(row) : '…';
    // What is nothing recedes behind what is something.
    const isZero = column.numeric && typeof content === 'string' && /^0($|[ /])/.test(content);
    return <td class={`${column.numeric ? 'number' : ''} ${isZero ? 'zero' : ''}`}>{content}</td>;
}

/** The room of rows that nobody sees. */
function Gap({ rows, span }: { rows: number; span: number }) {
    if (rows <= 0) return null;
    return (
        <tr aria-hidden="true" class="gap">
            <td colSpan={span} style={{ height: rows * rowHeight }} />
        </tr>
    );
}

function Head<T>({ column, query }: { column: Column<T>; query: ListQuery }) {
    const { sort, label, hint } = column;
    const title = hint ? { title: hint } : {};
    const kind = column.numeric ? 'number' : '';
    if (!sort)
        return (
            <th scope="col" class={kind} {...title}>
                {label}
            </th>
        );
    const isSorted = query.sort === sort;
    return (
        <th
            scope="col"
            class={kind}
            {...title}
            aria-sort={isSorted ? (query.isDown ? 'descending' : 'ascending') : 'none'}
        >
            <button type="button" onClick={() => query.sortBy(sort, column.numeric === true && !column.ordinal)}>
                {label}
                <span aria-hidden="true" class="arrow">
                    {isSorted ? (query.isDown ? '▼' : '▲') : ''}
                </span>
            </button>
        </th>
    );
}
