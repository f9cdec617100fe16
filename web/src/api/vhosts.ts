import { useEffect, useState } from 'preact/hooks';
import { get } from './request';

/** The names of the virtual hosts that the user may see. */
export function useVHosts(): string[] {
    const [names, setNames] = useState<string[]>(['/']);
    useEffect(() => {
        get<{ name: string }[]>('/api/vhosts?columns=name').then(
            (all) => setNames(all.map((vhost) => vhost.name)),
            () => undefined, // The lists tell what is wrong.
        );
    }, []);
    return names;
}
