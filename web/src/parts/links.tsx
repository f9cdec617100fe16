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
