// The answers of the API, as far as the page reads them: docs/http-api.md, /api/openapi.json.

export interface Sample {
    sample: number;
    timestamp: number;
}
export interface Rate {
    rate: number;
    samples?: Sample[];
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

export interface Overview {
    product_name: string;
    product_version: string;
    node: string;
    cluster_name: string;
    /** Seconds. */
    uptime: number;
    message_stats: MessageStats;
    churn_rates: {
        connection_created: number;
        connection_created_details?: Rate;
        connection_closed: number;
        connection_closed_details?: Rate;
        channel_created: number;
        channel_created_details?: Rate;
        channel_closed: number;
        channel_closed_details?: Rate;
        queue_declared: number;
        queue_declared_details?: Rate;
        queue_created: number;
        queue_created_details?: Rate;
        queue_deleted: number;
        queue_deleted_details?: Rate;
    };
    queue_totals: {
        messages: number;
        messages_details?: Rate;
        messages_ready: number;
        messages_ready_details?: Rate;
        messages_unacknowledged: number;
        messages_unacknowledged_details?: Rate;
    };
    object_totals: { connections: number; channels: number; exchanges: number; queues: number; consumers: number };
    listeners: { node: string; protocol: string; ip_address: string; port: number }[];
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

export interface Alarms {
    status: string;
    reason?: string;
    alarms?: { node: string; resource: string; reason?: string }[];
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
}

export interface Consumer {
    consumer_tag: string;
    queue: { name: string; vhost: string };
    ack_required: boolean;
    exclusive: boolean;
    prefetch_count: number;
    priority: number;
    arguments: Table;
    channel_details: { name: string; number: number; connection_name: string; user: string };
}

export interface Channel {
    number: number;
    name: string;
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
    state_ms: number;
    open_ms: number;
    idle_ms: number;
    recv_oct: number;
    recv_cnt: number;
    send_oct: number;
    send_cnt: number;
    held_bytes: Held;
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
    held_bytes: number;
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

export interface VHost {
    name: string;
    description: string;
    tags: string[];
    default_queue_type: string;
    protected_from_deletion: boolean;
    tracing: boolean;
    messages: number;
    messages_ready: number;
    messages_unacknowledged: number;
}

export interface User {
    name: string;
    password_hash: string;
    tags: string[];
    limits: { [name: string]: number };
}

export interface Permission {
    user: string;
    vhost: string;
    configure: string;
    write: string;
    read: string;
}

export interface TopicPermission {
    user: string;
    vhost: string;
    exchange: string;
    write: string;
    read: string;
}

export interface Policy {
    vhost: string;
    name: string;
    pattern: string;
    'apply-to': string;
    definition: Table;
    priority: number;
}

export interface Limits {
    vhost?: string;
    user?: string;
    value: { [name: string]: number };
}

export interface DryRun {
    unchanged: number;
    changes: { object: string; vhost?: string; name: string; outcome: string }[];
}

export interface Audited {
    at: string;
    user: string;
    from: string;
    action: string;
    target: string;
    reason: string;
    outcome: string;
    detail: string;
}

export interface LogLine {
    timestamp: number;
    severity: string;
    category: string;
    source: string;
    message: string;
}
