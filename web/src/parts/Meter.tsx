interface Props {
    name: string;
    value: number;
    most: number;
    show: (value: number) => string;
    /** What the bound means. */
    note?: string;
    /** What is left is measured, and the bound is the least. */
    isRest?: boolean;
    isBad?: boolean;
}

/** How much of a bound is used. */
export function Meter({ name, value, most, show, note, isRest = false, isBad = false }: Props) {
    const share = most > 0 ? Math.min(1, value / most) : 0;
    const tone = isBad ? 'bad' : !isRest && share > 0.8 ? 'warning' : '';
    return (
        <li>
            <span class="name">{name}</span>
            <span class="value">{show(value)}</span>
            {most > 0 && (
                <span
                    class={`meter ${tone}`}
                    role="meter"
                    aria-label={name}
                    aria-valuemin={0}
                    aria-valuemax={most}
                    aria-valuenow={value}
                    aria-valuetext={`${show(value)} of ${show(most)}`}
                >
                    <span style={{ width: `${share * 100}%` }} />
                </span>
            )}
            <span class="note">{note ?? `of ${show(most)}`}</span>
        </li>
    );
}
