import { computed, signal } from '@preact/signals';

export interface Identity {
    name: string;
    tags: string[];
}

const storage = 'levada.session';

interface Session {
    /** What Basic authentication takes: base64 of NAME:PASSWORD. */
    credentials: string;
    identity: Identity;
}

function stored(): Session | null {
    try {
        const text = sessionStorage.getItem(storage);
        return text ? (JSON.parse(text) as Session) : null;
    } catch {
        return null;
    }
}

/** Null while nobody is signed in. It lasts as long as the browser's tab. */
export const session = signal<Session | null>(stored());

/** Why the form is there again, if it is for a reason. */
export const signedOutBecause = signal('');

export const identity = computed<Identity>(() => session.value?.identity ?? { name: '', tags: [] });
const has = (tag: string) => identity.value.tags.includes(tag);

/** What a role may, as the broker divides it: docs/users-and-rights.md. */
export const may = {
    administer: computed(() => has('administrator')),
    monitor: computed(() => has('administrator') || has('monitoring')),
    setPolicies: computed(() => has('administrator') || has('policymaker')),
};

/** After "there is none": those who may not see what is of others are told of no more than what they may. */
export const thatAreSeen = computed(() => (may.monitor.value ? '' : ' that your user may see'));

/** Administrators may manage every client, others their own. */
export const mayManage = (user: string) => may.administer.value || identity.value.name === user;

export async function signIn(name: string, password: string): Promise<void> {
    const bytes = new TextEncoder().encode(`${name}:${password}`);
    const credentials = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    const response = await fetch('/api/whoami', { headers: headersFor(credentials) });
    if (response.status === 401) {
        const { reason } = (await response.json().catch(() => ({}))) as { reason?: string };
        throw new Error(
            reason === 'Not management user'
                ? `${name} may use AMQP, but not this page: an administrator must give it a tag, such as management`
                : 'Name or password is wrong. The user guest may sign in from the broker’s own machine only.',
        );
    }
    if (response.status === 429) {
        const seconds = response.headers.get('Retry-After');
        throw new Error(`Too many logins failed: try again ${seconds ? `in ${seconds} s` : 'later'}.`);
    }
    if (!response.ok) throw new Error(`The broker answered ${response.status} ${response.statusText}`);
    const identity = (await response.json()) as Identity;
    signedOutBecause.value = '';
    keep({ credentials, identity });
}

function keep(now: Session): void {
    sessionStorage.setItem(storage, JSON.stringify(now));
    session.value = now;
}

/** The user's tags may have changed since it signed in. */
export async function learnIdentity(): Promise<void> {
    const { value: now } = session;
    if (!now) return;
    const response = await fetch('/api/whoami', { headers: headersFor(now.credentials) }).catch(() => null);
    if (!response?.ok || session.value !== now) return;
    const identity = (await response.json()) as Identity;
    if (session.value !== now || JSON.stringify(identity) === JSON.stringify(now.identity)) return;
    keep({ credentials: now.credentials, identity });
}

export function signOut(because = ''): void {
    sessionStorage.removeItem(storage);
    signedOutBecause.value = because;
    session.value = null;
}

/** With X-Requested-With the broker does not name the scheme, so that the browser does not ask by itself. */
export const headersFor = (credentials: string): Record<string, string> => ({
    Authorization: `Basic ${credentials}`,
    'X-Requested-With': 'fetch',
});
