import { useLive } from '../../api/live';
import { path } from '../../api/request';
import { Bars } from '../../parts/Bars';
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
        .sort((a, b) => b[1] - a[1])
        .map(([name, size]): [string, number] => [name.replaceAll('_', ' '), size]);
    return (
        <Section title="What the memory is for">
            <Bars of={lines} />
        </Section>
    );
}
