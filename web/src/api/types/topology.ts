// Answers about queues and exchanges, as far as the page reads them: docs/http-api.md, /api/openapi.json.

import type { Flow, Rate, Table } from './common';

export interface QueueStats {
    publish: number;
    publish_details?: Rate;
    deliver: number;
    deliver_no_ack: number;
    get: number;
    get_empty: number;
    deliver_get: number;
    deliver_get_details?: Rate;
    ack: number;
    ack_details?: Rate;
    redeliver: number;
    expire: number;
    drop_length: number;
    refuse_length: number;
    drop_delivery_limit: number;
    dead_letter: number;
}

export interface Queue {
    name: string;
    vhost: string;
    type: string;
    durable: boolean;
    exclusive: boolean;
    auto_delete: boolean;
    arguments: Table;
    state: string;
    consumers: number;
    messages: number;
    messages_ready: number;
    messages_unacknowledged: number;
    message_bytes: number;
    message_bytes_ready: number;
    message_bytes_unacknowledged: number;
    policy: string | null;
    operator_policy: string | null;
    effective_policy_definition: Table;
    message_stats: QueueStats;
    /** Bytes. */
    memory: number;
    /** 1 while a consumer has room for more, 0 while none has. */
    consumer_utilisation: number;
    single_active_consumer_tag?: string | null;
    incoming?: Flow[];
    deliveries?: Flow[];
}

export interface Message {
    payload_bytes: number;
    redelivered: boolean;
    exchange: string;
    routing_key: string;
    message_count?: number;
    position?: number;
    properties: Table;
    payload: string;
    payload_encoding: string;
}

export interface Unacknowledged {
    delivery_tag: number;
    consumer_tag?: string;
    unacked_for_seconds: number;
    channel_name: string;
    connection: string;
    channel: number;
    user: string;
    user_provided_name?: string;
    sequence: number;
}

export interface Exchange {
    name: string;
    vhost: string;
    type: string;
    durable: boolean;
    auto_delete: boolean;
    internal: boolean;
    arguments: Table;
    policy?: string;
    messages_delayed?: number;
    incoming?: Flow[];
    outgoing?: Flow[];
    message_stats?: {
        publish_in?: number;
        publish_in_details?: Rate;
        publish_out?: number;
        publish_out_details?: Rate;
    };
}

export interface Binding {
    source: string;
    vhost: string;
    destination: string;
    destination_type: 'queue' | 'exchange';
    routing_key: string;
    arguments: Table;
    properties_key: string;
}
