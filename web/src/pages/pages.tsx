import type { ComponentChildren } from 'preact';
import { Channel } from './Channel';
import { Channels } from './Channels';
import { ClosedPage } from './Closed';
import { Connection } from './Connection';
import { Connections } from './Connections';
import { Consumers } from './Consumers';
import { Exchange } from './Exchange';
import { Exchanges } from './Exchanges';
import { Overview } from './Overview';
import { Queue } from './Queue';
import { Queues } from './Queues';

export interface PageKind {
    /** In the navigation; pages of one thing have none there. */
    title?: string;
    /** The first part of the address, and how many names follow. */
    path: string;
    names: number;
    /** After g this letter goes there. */
    key?: string;
    may?: () => boolean;
    show: (names: string[]) => ComponentChildren;
}

/** Every page there is, in the order of the navigation. */
export const pages: PageKind[] = [
    { title: 'Overview', path: '', names: 0, key: 'o', show: () => <Overview /> },
    { title: 'Connections', path: 'connections', names: 0, key: 'c', show: () => <Connections /> },
    { path: 'connections', names: 1, show: ([name = '']) => <Connection name={name} /> },
    { title: 'Channels', path: 'channels', names: 0, key: 'h', show: () => <Channels /> },
    { path: 'channels', names: 1, show: ([name = '']) => <Channel name={name} /> },
    { title: 'Consumers', path: 'consumers', names: 0, key: 's', show: () => <Consumers /> },
    { title: 'Queues', path: 'queues', names: 0, key: 'q', show: () => <Queues /> },
    { path: 'queues', names: 2, show: ([vhost = '', name = '']) => <Queue vhost={vhost} name={name} /> },
    { title: 'Exchanges', path: 'exchanges', names: 0, key: 'e', show: () => <Exchanges /> },
    { path: 'exchanges', names: 2, show: ([vhost = '', name = '']) => <Exchange vhost={vhost} name={name} /> },
    { title: 'Closed', path: 'closed', names: 0, key: 'd', show: () => <ClosedPage /> },
];

export function pageAt(parts: string[]): { page: PageKind; names: string[] } | null {
    const [path = '', ...names] = parts;
    const page = pages.find((one) => one.path === path && one.names === names.length && (one.may?.() ?? true));
    return page ? { page, names } : null;
}
