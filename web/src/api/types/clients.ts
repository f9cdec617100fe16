// Answers about connections and channels, as far as the page reads them: docs/http-api.md, /api/openapi.json.

import type { Flow, Held, MessageStats, Rate, Table } from './common';

export interface Connection {
    name: string;
    user_provided_name?: string;
    node: string;
    protocol: string;
    user: string;
    vhost: string;
    host: string;
    port: number;
    peer_host: string;
    peer_port: number;
    ssl: boolean;
    ssl_protocol?: string;
    ssl_cipher?: string;
    auth_mechanism: string;
    state: string;
    channels: number;
    channel_max: number;
    frame_max: number;
    timeout: number;
    connected_at: number;
    client_properties: Table;
    recv_oct: number;
    recv_oct_details: Rate;
    recv_cnt: number;
    send_oct: number;
    send_oct_details: Rate;
    send_cnt: number;
    send_pend: number;
    message_stats: MessageStats;
    last_received_ms_ago: number;
    last_sent_ms_ago: number;
    state_ms: number;
    heartbeats_missed: number;
    round_trip_ms?: number;
    channels_opened: number;
    consumer_count: number;
    messages_unacknowledged: number;
    messages_unconfirmed: number;
    messages_uncommitted: number;
    held_bytes: Held;
    /** Bytes: all of it, held_bytes included. */
    memory: number;
}

export interface Consumer {
    consumer_tag: string;
    queue: { name: string; vhost: string };
    ack_required: boolean;
    exclusive: boolean;
    prefetch_count: number;
    priority: number;
    arguments: Table;
    channel_details: {
        name: string;
        number: number;
        connection_name: string;
        user: string;
        user_provided_name?: string;
    };
    active: boolean;
    activity_status: string;
}

export interface Channel {
    number: number;
    name: string;
    user_provided_name?: string;
    vhost: string;
    user: string;
    state: string;
    consumer_count: number;
    prefetch_count: number;
    global_prefetch_count: number;
    confirm: boolean;
    transactional: boolean;
    messages_unacknowledged: number;
    messages_unconfirmed: number;
    messages_uncommitted: number;
    acks_uncommitted: number;
    connection_details: { name: string; peer_host: string; peer_port: number };
    message_stats: MessageStats;
    consumer_details?: Consumer[];
    publishes?: Flow[];
    deliveries?: Flow[];
    state_ms: number;
    open_ms: number;
    idle_ms: number;
    recv_oct: number;
    recv_cnt: number;
    send_oct: number;
    send_cnt: number;
    held_bytes: Held;
    /** Bytes: all of it, held_bytes included. */
    memory: number;
}

export interface Group {
    user?: string;
    vhost?: string;
    product?: string;
    platform?: string;
    connection_name?: string;
    peer_host?: string;
    connections: number;
    channels: number;
    channels_most: number;
    channels_opened: number;
    consumer_count: number;
    messages_unacknowledged: number;
    messages_unconfirmed: number;
    recv_oct_details: Rate;
    send_oct_details: Rate;
    publish_details: Rate;
    deliver_get_details: Rate;
    memory: number;
    warnings: number;
    connected_at_first: number;
    connected_at_last: number;
    states: { [state: string]: number };
}

export interface Closed {
    name: string;
    number?: number;
    connection_details: { name: string };
    user_provided_name?: string;
    vhost: string;
    user: string;
    closed_by: 'client' | 'broker' | 'operator' | 'lost';
    reply_code: number;
    reply_text: string;
    method?: string;
    closed_at: string;
    open_ms: number;
    channels_opened?: number;
    recv_oct: number;
    send_oct: number;
    message_stats: MessageStats;
}

export interface TraceEntry {
    sequence: number;
    time: string;
    direction: 'in' | 'out';
    channel: number;
    method: string;
    arguments: Table;
    properties?: Table;
    body_size?: number;
    payload?: string;
    payload_encoding?: string;
    text: string;
    error?: string;
}

export interface Trace {
    name: string;
    state: 'recording' | 'ended';
    ended_because?: string;
    started_by: string;
    started_at: string;
    seconds: number;
    oldest: number;
    newest: number;
    dropped: number;
    last: number;
    entries: TraceEntry[];
}
