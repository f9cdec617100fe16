import type { ComponentChildren } from 'preact';

/** Names and what they are; what is null or undefined is left out. */
export function Facts({ of }: { of: [name: string, value: ComponentChildren][] }) {
    return (
        <dl class="facts">
            {of
                .filter(([, value]) => value !== undefined && value !== null && value !== '')
                .map(([name, value]) => (
                    <div key={name}>
                        <dt>{name}</dt>
                        <dd>{value}</dd>
                    </div>
                ))}
        </dl>
    );
}

/** Figures that are read first. */
export function Tiles({
    of,
}: {
    of: [name: string, value: ComponentChildren, note?: ComponentChildren, link?: string][];
}) {
    return (
        <ul class="tiles">
            {of.map(([name, value, note, link]) => (
                <li key={name}>
                    <span class="name">{link ? <a href={link}>{name}</a> : name}</span>
                    <span class="value">{value}</span>
                    {note && <span class="note">{note}</span>}
                </li>
            ))}
        </ul>
    );
}

export function Section({
    title,
    children,
    actions,
}: {
    title: string;
    children: ComponentChildren;
    actions?: ComponentChildren;
}) {
    return (
        <section>
            <header>
                <h2>{title}</h2>
                {actions}
            </header>
            {children}
        </section>
    );
}
