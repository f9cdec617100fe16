import { vhosts } from '../api/vhosts';

interface Props {
    /** Empty for all. */
    chosen: string;
    choose: (name: string) => void;
    /** What all of them are called. */
    all: string;
}

export const VHostSelect = ({ chosen, choose, all }: Props) => (
    <select value={chosen} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{all}</option>
        {vhosts.value?.map((name) => (
            <option key={name} value={name}>
                {name}
            </option>
        ))}
    </select>
);
