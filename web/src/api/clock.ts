// A browser's clock may be minutes off. What the page shows is of the broker's time, so that clock counts.

// The Date of an answer has whole seconds, and the broker looks at its clock once a second.
const coarse = 2000;

// How far the broker's clock is ahead, as far as its answers tell: milliseconds.
let least = -Infinity;
let most = Infinity;

/**
 * Each answer leaves fewer differences that can be.
 * @param asked when its request was sent, by the browser's clock.
 */
export function hear(answer: Response, asked: number): void {
    const date = Date.parse(answer.headers.get('Date') ?? '');
    if (Number.isNaN(date)) return;
    const [from, to] = [date - Date.now(), date + coarse - asked];
    least = Math.max(least, from);
    most = Math.min(most, to);
    // One of the clocks was set.
    if (least > most) [least, most] = [from, to];
}

/** Milliseconds since 1970 by the broker's clock; by the browser's as long as both may be right. */
export function now(): number {
    const isRight = least <= 0 && most >= 0;
    return Date.now() + (isRight || least === -Infinity ? 0 : (least + most) / 2);
}
