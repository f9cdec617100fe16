// Answers about the node, as far as the page reads them: docs/http-api.md, /api/openapi.json.

import type { MessageStats, Rate } from './common';

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

export interface Alarms {
    status: string;
    reason?: string;
    alarms?: { node: string; resource: string; reason?: string }[];
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

export interface Node {
    name: string;
    os_pid: string;
    fd_total: number;
    fd_used: number;
    sockets_total: number;
    sockets_used: number;
    mem_limit: number;
    mem_used: number;
    mem_alarm: boolean;
    disk_free: number;
    disk_free_limit: number;
    disk_free_alarm: boolean;
    disk_total: number;
    /** No client may connect, by an operator's wish. */
    listeners_suspended: boolean;
    proc_used: number;
    /** Milliseconds. */
    uptime: number;
    processors: number;
    db_dir: string;
    config_files: string[];
    log_files: string[];
    gc_num: number;
    applications: { name: string; description: string; version: string }[];
}
