import { href } from './router';

export const ConnectionLink = ({ name, title }: { name: string; title?: string | undefined }) => (
    <a href={href(['connections', name])}>{title || name}</a>
);

export const ChannelLink = ({ name, short }: { name: string; short?: boolean }) => (
    <a href={href(['channels', name])} {...(short ? { 'aria-label': `Channel ${name}` } : {})}>
        {short ? name.slice(name.lastIndexOf('(') + 1, -1) : name}
    </a>
);

/** Two addresses with an arrow in between; in a list the client's is enough. */
export const peerOf = (connection: string) => connection.split(' -> ')[0] ?? connection;

export const QueueLink = ({ vhost, name }: { vhost: string; name: string }) => (
    <a href={href(['queues', vhost, name])}>{name}</a>
);

/** The default exchange has no name; the API calls it amq.default. */
export const nameOfExchange = (name: string) => name || 'amq.default';

export const ExchangeLink = ({ vhost, name }: { vhost: string; name: string }) => (
    <a href={href(['exchanges', vhost, nameOfExchange(name)])}>{name || '(default)'}</a>
);
