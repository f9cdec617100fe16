import type { Signal } from '@preact/signals';
import { vhosts } from '../api/vhosts';

interface Props {
    /** Empty for all. */
    chosen: Signal<string>;
    /** What all of them are called. */
    all: string;
}

export const VHostSelect = ({ chosen, all }: Props) => (
    <select value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}>
        <option value="">{all}</option>
        {vhosts.value.map((name) => (
            <option key={name} value={name}>
                {name}
            </option>
        ))}
    </select>
);
