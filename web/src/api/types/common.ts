// What several answers have alike, as far as the page reads them: docs/http-api.md, /api/openapi.json.

export interface Sample {
    sample: number;
    timestamp: number;
}

export interface Rate {
    rate: number;
    /** The latest first. */
    samples?: Sample[];
    /** Milliseconds since 1970: from when on they are true. */
    samples_since?: number;
}

export type Table = { [key: string]: Value };

export type Value = string | number | boolean | null | Table | Value[];

export interface Page<T> {
    items: T[];
    page: number;
    page_size: number;
    total_count: number;
    filtered_count: number;
    page_count: number;
}

export type MessageStat =
    | 'publish'
    | 'confirm'
    | 'return_unroutable'
    | 'drop_unroutable'
    | 'deliver'
    | 'deliver_no_ack'
    | 'deliver_get'
    | 'get'
    | 'get_no_ack'
    | 'get_empty'
    | 'ack'
    | 'reject'
    | 'redeliver';
export type MessageStats = { [name in MessageStat]: number } & { [name in `${MessageStat}_details`]?: Rate };

export interface Held {
    total: number;
    receive: number;
    parked: number;
    content: number;
    uncommitted: number;
    unsettled: number;
    outbox: number;
    posted: number;
}

export interface Warning {
    name: string;
    what: string;
    advice: string;
    connection?: string;
    channel?: number;
    user_provided_name?: string;
    user?: string;
    vhost?: string;
    product?: string;
    since: string;
    figures: { [name: string]: number };
}

/** What one exchange, queue or channel has part in. */
export interface Flow {
    exchange?: { name: string; vhost: string };
    queue?: { name: string; vhost: string };
    channel_details?: { name: string; user_provided_name?: string };
    /** Totals, and their rates as NAME_details. */
    stats: { [name: string]: number | Rate | undefined };
}
