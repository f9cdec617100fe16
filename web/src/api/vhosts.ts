import { signal } from '@preact/signals';
import { saved } from '../parts/saved';
import { get } from './request';

/** The names of the virtual hosts that the user may see. */
export const vhosts = signal<string[]>(['/']);

/** The one that lists are of; an empty name is all of them. */
export const chosenVHost = saved('vhost', '');

export async function learnVHosts(): Promise<void> {
    // The lists tell what is wrong, if it cannot be asked.
    const found = await get<{ name: string }[]>('/api/vhosts?columns=name').catch(() => null);
    if (!found) return;
    vhosts.value = found.map((vhost) => vhost.name);
    if (!vhosts.value.includes(chosenVHost.value)) chosenVHost.value = '';
}
