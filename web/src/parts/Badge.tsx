import type { ComponentChildren } from 'preact';

export type Tone = 'good' | 'plain' | 'warning' | 'bad' | 'quiet';

/** A state in a word. The colour is never all there is. */
export function Badge({
    tone = 'plain',
    children,
    title,
}: {
    tone?: Tone;
    children: ComponentChildren;
    title?: string;
}) {
    return (
        <span class={`badge ${tone}`} {...(title ? { title } : {})}>
            {children}
        </span>
    );
}

const tones: { [state: string]: Tone } = {
    flow: 'warning',
    blocked: 'bad',
    blocking: 'warning',
    closing: 'quiet',
    paused: 'warning',
    idle: 'quiet',
    tuning: 'quiet',
    opening: 'quiet',
    starting: 'quiet',
};

/** What is as it should be is told without emphasis. */
export const State = ({ state }: { state: string }) =>
    state === 'running' ? <span class="quiet">running</span> : <Badge tone={tones[state] ?? 'plain'}>{state}</Badge>;
