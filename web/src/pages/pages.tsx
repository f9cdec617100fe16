import type { ComponentChildren } from 'preact';
import { may } from '../api/session';
import { Audit } from './admin/Audit';
import { Configuration } from './admin/Configuration';
import { Definitions } from './admin/Definitions';
import { Limits } from './admin/Limits';
import { Logs } from './admin/Logs';
import { Parameters } from './admin/Parameters';
import { Policies } from './admin/Policies';
import { User } from './admin/User';
import { Users } from './admin/Users';
import { VHost } from './admin/VHost';
import { VHosts } from './admin/VHosts';
import { Channel } from './Channel';
import { Channels } from './Channels';
import { ClosedPage } from './Closed';
import { Connection } from './Connection';
import { Connections } from './Connections';
import { Consumers } from './Consumers';
import { Exchange } from './Exchange';
import { Exchanges } from './Exchanges';
import { Node } from './Node';
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
    /** What is above it in the navigation. */
    group?: string;
    may?: () => boolean;
    show: (names: string[]) => ComponentChildren;
}

const administer = () => may.administer.value;

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
    { title: 'Policies', path: 'policies', names: 0, key: 'p', group: 'Settings', show: () => <Policies /> },
    { title: 'Limits', path: 'limits', names: 0, group: 'Settings', show: () => <Limits /> },
    { title: 'Virtual hosts', path: 'vhosts', names: 0, key: 'v', group: 'Settings', show: () => <VHosts /> },
    { path: 'vhosts', names: 1, show: ([name = '']) => <VHost name={name} /> },
    { title: 'Users', path: 'users', names: 0, key: 'u', group: 'Settings', may: administer, show: () => <Users /> },
    { path: 'users', names: 1, may: administer, show: ([name = '']) => <User name={name} /> },
    {
        title: 'Parameters',
        path: 'parameters',
        names: 0,
        group: 'Settings',
        may: () => may.setPolicies.value,
        show: () => <Parameters />,
    },
    {
        title: 'Definitions',
        path: 'definitions',
        names: 0,
        group: 'Settings',
        may: administer,
        show: () => <Definitions />,
    },
    {
        title: 'Node',
        path: 'node',
        names: 0,
        key: 'n',
        group: 'Broker',
        may: () => may.monitor.value,
        show: () => <Node />,
    },
    {
        title: 'Configuration',
        path: 'configuration',
        names: 0,
        group: 'Broker',
        may: administer,
        show: () => <Configuration />,
    },
    { title: 'Logs', path: 'logs', names: 0, key: 'l', group: 'Broker', may: administer, show: () => <Logs /> },
    { title: 'Audit', path: 'audit', names: 0, key: 'a', group: 'Broker', show: () => <Audit /> },
];

export function pageAt(parts: string[]): { page: PageKind; names: string[] } | null {
    const [path = '', ...names] = parts;
    const page = pages.find((one) => one.path === path && one.names === names.length && (one.may?.() ?? true));
    return page ? { page, names } : null;
}
