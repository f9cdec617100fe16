import { ask } from './request';

export interface ServerEvent {
    /** Empty for an unnamed one. */
    name: string;
    data: string;
}

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
    let rest = '';
    try {
        for (;;) {
            const { done, value } = await reader.read();
            if (done) return;
            const blocks = (rest + value).split('\n\n');
            rest = blocks.pop() ?? '';
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
        if (line.startsWith('event:')) name = line.slice(6).trim();
        else if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
    }
    return data.length > 0 ? { name, data: data.join('\n') } : null;
}
