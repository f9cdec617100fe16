import { signal } from '@preact/signals';
import { ago, localTime } from '../api/units';

const tick = signal(0);
setInterval(() => tick.value++, 1000);

/** How long ago, with the reader's local time to see on it. */
export function Ago({ at }: { at: number | string }) {
    void tick.value;
    return (
        <time dateTime={new Date(at).toISOString()} title={localTime(at)}>
            {ago(at)}
        </time>
    );
}
