import { signal, type Signal } from '@preact/signals';

/** A choice of the reader's that this browser remembers. */
export function saved<T>(name: string, usual: T): Signal<T> {
    const key = `levada.${name}`;
    let value = usual;
    try {
        const text = localStorage.getItem(key);
        if (text) value = JSON.parse(text) as T;
    } catch {
        // What cannot be read counts as not chosen.
    }
    const chosen = signal(value);
    let first = true;
    chosen.subscribe((now) => {
        if (!first) localStorage.setItem(key, JSON.stringify(now));
        first = false;
    });
    return chosen;
}
