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

export interface MessageStats {
    publish: number;
    publish_details?: Rate;
    confirm: number;
    confirm_details?: Rate;
    return_unroutable: number;
    return_unroutable_details?: Rate;
    drop_unroutable: number;
    drop_unroutable_details?: Rate;
    deliver: number;
    deliver_details?: Rate;
    deliver_no_ack: number;
    deliver_no_ack_details?: Rate;
    deliver_get: number;
    deliver_get_details?: Rate;
    get: number;
    get_details?: Rate;
    get_empty: number;
    get_empty_details?: Rate;
    ack: number;
    ack_details?: Rate;
    reject: number;
    reject_details?: Rate;
    redeliver: number;
    redeliver_details?: Rate;
}

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
