import { signal } from '@preact/signals';
import { hear } from './clock';
import { headersFor, session, signOut } from './session';

/** A request that the broker refused, or that did not get to it. */
export class ApiError extends Error {
    constructor(
        readonly status: number,
        reason: string,
        /** Of a request that is made once, and not again by itself. */
        private readonly once = false,
    ) {
        super(reason);
    }

    /** What to do about it, if that is not in the reason. */
    get advice(): string {
        if (this.message.includes('reserved prefix')) return 'Take another name.';
        switch (this.status) {
            case 0:
                return `The broker does not answer: is it running, and is the network up? ${
                    this.once ? 'See whether it was done, once there is an answer again.' : 'This goes on by itself.'
                }`;
            case 400:
                return (
                    {
                        failed_to_parse_json: 'That is not JSON: is the file whole, and the right one?',
                        vhost_or_user_not_found: 'There is no user or no virtual host of that name.',
                        'Pagination parameters are invalid':
                            'A filter cannot be understood: is its number one, or its regular expression whole?',
                    }[this.message] ?? ''
                );
            case 401:
                return 'Your user may not do that: an administrator can give it a tag or permissions.';
            case 403:
                return 'You may see this, but not change it.';
            case 404:
                return this.once
                    ? 'It is gone, or was never there: is the name right?'
                    : 'It is gone, or was never there. Go back to the list.';
            case 409:
                return 'Look at it anew: it has changed, or is in use.';
            case 412:
                return 'Take away what is in its way first, such as a protection or what is left in it.';
            case 413:
                return 'It is too large to be shown or sent here: take fewer columns, a smaller file, or AMQP.';
            case 503:
                return 'The broker cannot do that now: look at the alarms and the log, then try again.';
            case 429:
                return this.message.includes('logins')
                    ? 'Somebody here gave wrong passwords too often: wait a minute.'
                    : 'Close other tabs of this page, or raise http_streams_max.';
            default:
                return '';
        }
    }
}

/** Parts of a path, escaped. */
export const path = (...parts: (string | number)[]) =>
    `/api/${parts.map((part) => encodeURIComponent(part)).join('/')}`;

// Browsers take these for the folder and the one above it, escaped or not.
const dots = /^[^?]*\/\.\.?(?=[/?]|$)/;

export async function ask(method: string, url: string, init: RequestInit = {}): Promise<Response> {
    const credentials = session.value?.credentials;
    if (!credentials) throw new ApiError(401, 'Signed out');
    if (dots.test(url)) throw new ApiError(400, 'HTTP knows nothing by the name of . or ..: use a client of AMQP.');
    let response: Response;
    const asked = Date.now();
    try {
        response = await fetch(url, {
            ...init,
            method,
            cache: 'no-store',
            headers: { ...headersFor(credentials), ...(init.headers as object) },
        });
    } catch (cause) {
        if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
        throw new ApiError(0, 'The broker cannot be reached', method !== 'GET');
    }
    hear(response, asked);
    if (response.ok) return response;
    const body = (await response.json().catch(() => ({}))) as { error?: string; reason?: string };
    // A refusal by role is spelt the other way.
    if (response.status === 401 && body.error === 'not_authorized' && session.value?.credentials === credentials) {
        signOut('The broker no longer takes this name and password.');
    }
    throw new ApiError(response.status, body.reason ?? `${response.status} ${response.statusText}`, method !== 'GET');
}

export async function get<T>(url: string, signal?: AbortSignal): Promise<T> {
    const response = await ask('GET', url, signal ? { signal } : {});
    return (await response.json()) as T;
}

/** How many changes were made here: whoever made one sees it at once, not when the broker looks next. */
export const changes = signal(0);

/**
 * Makes something new: a PUT would change silently what is there already.
 * @param what it is, with its name, for the refusal.
 * @param where it is changed instead.
 */
export async function add(url: string, body: unknown, what: string, where: string): Promise<void> {
    const isFree = await get(url).then(
        () => false,
        (cause: ApiError) => {
            if (cause.status === 404) return true;
            throw cause;
        },
    );
    if (!isFree) throw new Error(`There is ${what} already: change it ${where}, or take another name.`);
    await send('PUT', url, body);
}

/** A change. Null is no body; an answer without one is undefined. */
export async function send<T = void>(method: string, url: string, body: unknown = null, reason = ''): Promise<T> {
    const headers: Record<string, string> = {};
    if (body !== null) headers['Content-Type'] = 'application/json';
    if (reason) headers['X-Reason'] = reason;
    const response = await ask(method, url, { headers, body: body === null ? null : JSON.stringify(body) });
    const text = await response.text();
    changes.value++;
    return (text ? JSON.parse(text) : undefined) as T;
}
