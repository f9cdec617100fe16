import { useLive } from '../../api/live';
import { path } from '../../api/request';
import { bytes } from '../../api/units';
import { Section } from '../../parts/Facts';
import { Problem, Waiting } from '../../parts/Problem';

interface Answer {
    memory: { [line: string]: number | string | { rss: number } };
}

/** Where the memory of the process is. */
export function MemoryOfNode({ node }: { node: string }) {
    const { data, error } = useLive<Answer>(path('nodes', node, 'memory'), 5000);
    if (!data) return error ? <Problem error={error} /> : <Waiting />;
    const lines = Object.entries(data.memory)
        .filter((line): line is [string, number] => typeof line[1] === 'number')
        .sort((a, b) => b[1] - a[1]);
    const largest = Math.max(1, ...lines.map(([, size]) => size));
    const used = lines.filter(([, size]) => size > 0);
    const unused = lines.filter(([, size]) => size <= 0);
    return (
        <Section title="What the memory is for">
            <table class="plain bars">
                <tbody>
                    {used.map(([name, size]) => (
                        <tr key={name}>
                            <th scope="row">{name.replaceAll('_', ' ')}</th>
                            <td>
                                <span class="bar" style={{ width: `${(size / largest) * 100}%` }} />
                            </td>
                            <td class="number">{bytes(size)}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
            {unused.length > 0 && (
                <p class="quiet">Nothing: {unused.map(([name]) => name.replaceAll('_', ' ')).join(', ')}.</p>
            )}
        </Section>
    );
}
