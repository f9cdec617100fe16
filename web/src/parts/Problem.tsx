import type { ApiError } from '../api/request';

/** What failed, and how to mend it. */
export function Problem({ error }: { error: ApiError | Error }) {
    const advice = 'advice' in error ? error.advice : '';
    return (
        <div class="problem" role="alert">
            <strong>{error.message}</strong>
            {advice && <p>{advice}</p>}
        </div>
    );
}

export const Waiting = () => (
    <p class="waiting" role="status">
        Asking the broker…
    </p>
);
