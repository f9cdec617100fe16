import { bytes } from '../api/units';

/** Sizes in bytes as bars; those of nothing in a line below. */
export function Bars({ of, caption }: { of: [name: string, size: number][]; caption?: string }) {
    const used = of.filter(([, size]) => size > 0);
    const unused = of.filter(([, size]) => size <= 0);
    const largest = Math.max(1, ...used.map(([, size]) => size));
    return (
        <>
            <table class="plain bars">
                {caption && <caption>{caption}</caption>}
                <tbody>
                    {used.map(([name, size]) => (
                        <tr key={name}>
                            <th scope="row">{name}</th>
                            <td>
                                <span class="bar" style={{ width: `${(size / largest) * 100}%` }} />
                            </td>
                            <td class="number">{bytes(size)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {unused.length > 0 && (
                <p class="quiet">
                    Nothing: {unused.map(([name]) => name.charAt(0).toLowerCase() + name.slice(1)).join(', ')}.
                </p>
            )}
        </>
    );
}
