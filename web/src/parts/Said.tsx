import { signal } from '@preact/signals';

const said = signal<{ id: number; text: string } | null>(null);
let next = 0;

/** Tells for some seconds that something was done; screen readers too. */
export function say(text: string): void {
    const id = ++next;
    said.value = { id, text };
    setTimeout(() => {
        if (said.value?.id === id) said.value = null;
    }, 5000);
}

export const Said = () => (
    <div class="said" role="status" aria-live="polite">
        {said.value && <p>{said.value.text}</p>}
    </div>
);
