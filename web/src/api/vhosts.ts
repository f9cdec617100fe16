import { computed, signal } from '@preact/signals';
import { saved } from '../parts/saved';
import { get } from './request';

/** The names of the virtual hosts that the user may see; null until they are known. */
export const vhosts = signal<string[] | null>(null);

/** The one that the reader wants lists to be of; an empty name is all of them. */
export const chosenVHost = saved('vhost', '');

/** The one that lists are of: the chosen one, if it is there and this user may see it. */
export const vhostOfLists = computed(() =>
    vhosts.value === null || vhosts.value.includes(chosenVHost.value) ? chosenVHost.value : '',
);

export async function learnVHosts(): Promise<void> {
    // The lists tell what is wrong, if it cannot be asked.
    const found = await get<{ name: string }[]>('/api/vhosts?columns=name').catch(() => null);
    if (found) vhosts.value = found.map((vhost) => vhost.name);
}
