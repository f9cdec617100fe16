import { signal } from '@preact/signals';

export interface Place {
    /** What is between the slashes, without escapes. */
    parts: string[];
    query: URLSearchParams;
}

/** A part that somebody typed may have a % of its own. */
function decode(part: string): string {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
}

function read(): Place {
    const [path = '', query = ''] = location.hash.slice(1).split('?', 2);
    return { parts: path.split('/').filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

/** Where the reader is; all of it is in the address, so that it can be kept and sent to others. */
export const place = signal(read());
addEventListener('hashchange', () => (place.value = read()));

export function href(parts: string[], query: Record<string, string> = {}): string {
    const search = new URLSearchParams(query).toString();
    return `#/${parts.map(encodeURIComponent).join('/')}${search ? `?${search}` : ''}`;
}

export const go = (parts: string[], query: Record<string, string> = {}) => (location.hash = href(parts, query));

/** Goes there once it is done, unless the reader has gone elsewhere meanwhile. */
export async function goAfter(task: Promise<unknown>, parts: string[]): Promise<void> {
    const from = href(place.value.parts);
    await task;
    if (href(place.value.parts) === from) go(parts);
}

/** Changes parameters of this page; an empty one is taken out. Typing does not fill the browser's history. */
export function setQuery(changes: Record<string, string>): void {
    const query = new URLSearchParams(place.value.query);
    for (const [name, value] of Object.entries(changes)) {
        if (value) query.set(name, value);
        else query.delete(name);
    }
    const search = query.toString();
    history.replaceState(
        null,
        '',
        `#/${place.value.parts.map(encodeURIComponent).join('/')}${search ? `?${search}` : ''}`,
    );
    place.value = read();
}
