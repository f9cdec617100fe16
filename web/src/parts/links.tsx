import { href } from './router';

export const ConnectionLink = ({ name, title }: { name: string; title?: string | undefined }) => (
    <a href={href(['connections', name])}>{title || name}</a>
);

const numberOf = (channel: string) => channel.slice(channel.lastIndexOf('(') + 1, -1);

export const ChannelLink = ({ name, short }: { name: string; short?: boolean }) => (
    <a href={href(['channels', name])} {...(short ? { 'aria-label': `${numberOf(name)}, channel ${name}` } : {})}>
        {short ? numberOf(name) : name}
    </a>
);

/** A channel by what its client calls itself, which people know; where it comes from follows. */
export const ClientLink = ({
    of: { name, user_provided_name: client },
}: {
    of: { name: string; user_provided_name?: string };
}) => (
    <a href={href(['channels', name])} title={name}>
        {client || peerOf(name)} ({numberOf(name)}){client && <span class="quiet peer"> {peerOf(name)}</span>}
    </a>
);

/** Two addresses with an arrow in between; in a list the client's is enough. */
export const peerOf = (connection: string) => connection.split(' -> ')[0] ?? connection;

export const QueueLink = ({ vhost, name }: { vhost: string; name: string }) => (
    <a href={href(['queues', vhost, name])}>{seen(name)}</a>
);

/** What is blank at an end, or altogether, is seen in quotes. */
const seen = (name: string) => (name === name.trim() ? name : `"${name}"`);

/** The default exchange has no name; the API calls it amq.default. */
export const nameOfExchange = (name: string) => name || 'amq.default';

export const ExchangeLink = ({ vhost, name }: { vhost: string; name: string }) => (
    <a href={href(['exchanges', vhost, nameOfExchange(name)])}>{seen(name) || '(default)'}</a>
);
