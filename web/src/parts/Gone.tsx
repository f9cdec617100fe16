import { href } from './router';

/** Above the last figures of a client's connection or channel that has gone while it was looked at. */
export function Went({ what, name }: { what: 'connection' | 'channel'; name: string }) {
    return (
        <div class="problem" role="alert">
            <strong>This {what} is gone.</strong> The figures are the last ones. <WhyClosed what={what} name={name} />
        </div>
    );
}

const WhyClosed = ({ what, name }: { what: string; name: string }) => (
    <a href={href(['closed'], { ...(what === 'connection' ? { of: 'connections' } : {}), q: name })}>
        Why was it closed?
    </a>
);

/** Of a thing that is not there, with where to go on. */
export function Gone({ what, name, back }: { what: string; name: string; back: string[] }) {
    const isClient = what === 'connection' || what === 'channel';
    return (
        <div class="empty">
            <h1>This {what} is gone</h1>
            <p>
                <code>{name}</code> was closed or deleted, or never was.
            </p>
            <p>
                {isClient && (
                    <>
                        <WhyClosed what={what} name={name} /> ·{' '}
                    </>
                )}
                <a href={href(back)}>All {what}s</a>
            </p>
        </div>
    );
}
