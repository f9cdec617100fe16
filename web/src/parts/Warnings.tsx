import { Fragment } from 'preact';
import type { Warning } from '../api/types/common';
import { Badge } from './Badge';
import { Section } from './Facts';
import { href } from './router';
import { anyVHost } from './table/query';
import { Ago } from './Time';

const titles: { [name: string]: string } = {
    channel_leak: 'Channel leak',
    idle_channels: 'Idle channels',
    connection_churn: 'Connection churn',
    channel_churn: 'Channel churn',
    consumer_churn: 'Consumer churn',
    queue_churn: 'Queue churn',
    no_acknowledgements: 'No acknowledgements',
    blocked_consumer: 'Blocked consumer',
};

export const titleOf = (warning: Warning) => titles[warning.name] ?? warning.name;

const keyOf = (w: Warning) =>
    [w.name, w.connection, w.channel, w.user, w.product, w.user_provided_name].map((part) => part ?? '').join(' ');

/** What comes and goes too often is told by user, by library and by name: the same figures are the same clients. */
function alike(warnings: Warning[]): Warning[][] {
    const groups = new Map<string, Warning[]>();
    for (const warning of warnings) {
        const key = warning.connection ? keyOf(warning) : `${warning.name} ${warning.what.replace(/, for .* now/, '')}`;
        groups.set(key, [...(groups.get(key) ?? []), warning]);
    }
    return [...groups.values()];
}

/** What clients should do otherwise, each with what was seen and what to change; nothing if all is well. */
export function Warnings({ of }: { of: Warning[] }) {
    if (of.length === 0) return null;
    return (
        <Section title="Warnings">
            <ul class="warnings">
                {alike(of).map(
                    (warnings) => warnings[0] && <One key={keyOf(warnings[0])} of={warnings} first={warnings[0]} />,
                )}
            </ul>
        </Section>
    );
}

const One = ({ of, first }: { of: Warning[]; first: Warning }) => (
    <li>
        <p>
            <Badge tone="warning">{titleOf(first)}</Badge>{' '}
            {of.map((warning, index) => (
                <Fragment key={keyOf(warning)}>
                    {index > 0 && ', '}
                    <Whose warning={warning} />
                </Fragment>
            ))}{' '}
            <span class="quiet">
                since <Ago at={first.since} />
            </span>
        </p>
        <p>{first.what}.</p>
        <p class="advice">{first.advice}.</p>
    </li>
);

function Whose({ warning }: { warning: Warning }) {
    const { connection, channel, user_provided_name: name, user, product } = warning;
    if (connection && channel !== undefined)
        return (
            <a href={href(['channels', `${connection} (${channel})`])}>
                {name ?? connection}, channel {channel}
            </a>
        );
    if (connection) return <a href={href(['connections', connection])}>{name ?? connection}</a>;
    if (name) return <a href={href(['connections'], { q: name, ...anyVHost })}>{name}</a>;
    if (user) return <a href={href(['connections'], { 'f.user': user, ...anyVHost })}>user {user}</a>;
    if (product)
        return <a href={href(['connections'], { 'f.client_properties.product': product, ...anyVHost })}>{product}</a>;
    return <>All clients</>;
}
