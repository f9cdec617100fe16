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
