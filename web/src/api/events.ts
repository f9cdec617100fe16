import { ask } from './request';

export interface ServerEvent {
    /** Empty for an unnamed one. */
    name: string;
    data: string;
}

/** What follow() calls a comment that tells how many milliseconds the broker rests. */
export const rest = 'rest';

/**
 * Reads server-sent events by fetch, as EventSource sends no name and password. Ends when the broker ends it.
 * @param opened called when nothing that happens from then on is missed.
 */
export async function* follow(
    url: string,
    signal: AbortSignal,
    opened: () => void = () => undefined,
): AsyncGenerator<ServerEvent> {
    const response = await ask('GET', url, { signal, headers: { Accept: 'text/event-stream' } });
    opened();
    if (!response.body) return;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let unread = '';
    try {
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return;
            const blocks = (unread + value).split('\n\n');
            unread = blocks.pop() ?? '';
            for (const block of blocks) {
                const event = parse(block);
                if (event) yield event;
            }
        }
    } finally {
        reader.cancel().catch(() => undefined);
    }
}

function parse(block: string): ServerEvent | null {
    let name = '';
    const data: string[] = [];
    for (const line of block.split('\n')) {
        const wait = /^: next look in (\d+) ms$/.exec(line);
        if (wait?.[1]) return { name: rest, data: wait[1] };
        if (line.startsWith('event:')) name = line.slice(6).trim();
        else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
    return data.length > 0 ? { name, data: data.join('\n') } : null;
}
