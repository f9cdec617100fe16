// Answers about virtual hosts, users and their settings, as far as the page reads them: docs/http-api.md, /api/openapi.json.

import type { MessageStats, Table } from './common';

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
    message_stats?: MessageStats;
}

export interface User {
    name: string;
    password_hash: string;
    hashing_algorithm: string;
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
