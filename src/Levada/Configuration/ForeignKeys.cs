namespace Levada.Configuration;

/// <summary>
/// Keys of RabbitMQ and LavinMQ that are right there and mean nothing here: a file of theirs is taken as it is, with a
/// warning for each of these. One that ends in * stands for all that begin so.
/// </summary>
public static class ForeignKeys
{
    private const string Clusters = "a broker here is one node, not a cluster";
    private const string Erlang = "it is about Erlang's runtime";
    private const string Protocols = "AMQP 0-9-1 is what is spoken here";
    private const string Links = "there are no shovels and federation links";
    private const string Logins = "users are the broker's own, with a password or a certificate";
    private const string Figures = "figures are counted live, and none are kept to be collected";
    private const string Sockets = "the system's setting is used";
    private const string Files = "files grow and go by themselves";
    private const string Outputs = "lines go to standard error, a file and an exchange";
    private const string Journal = "what is on standard error has the journal's priorities under systemd";
    private const string First = "set it with the command line or a definitions file";

    /// <summary>With the reason why it means nothing.</summary>
    public static IReadOnlyList<(string Pattern, string Why)> All { get; } =
    [
        ("cluster_formation.*", Clusters),
        ("cluster_partition_handling", Clusters), ("cluster_keepalive_interval", Clusters),
        ("cluster_nodes.*", Clusters), ("cluster_queue_limit", "queue_max_per_vhost bounds queues"),
        ("cluster_exchange_limit", "there is no such limit"), ("vhost_max", "there is no such limit"),
        ("clustering.*", Clusters), ("net_ticktime", Clusters), ("mirroring_*", Clusters),
        ("queue_leader_locator", Clusters), ("queue_master_locator", Clusters), ("raft.*", Clusters),
        ("khepri.*", Clusters), ("mnesia_*", Clusters), ("mnesia.*", Clusters), ("quorum_queue.*", Clusters),
        ("distribution.*", Erlang),
        ("erlang.*", Erlang), ("num_acceptors.*", Erlang), ("reverse_dns_lookups", Erlang),
        ("background_gc_*", Erlang), ("delegate_count", Erlang), ("hipe_compile", Erlang),
        ("ssl_allow_poodle_attack", Erlang), ("vm_memory_calculation_strategy", Erlang),
        ("vm_memory_high_watermark_paging_ratio", Files), ("mqtt.*", Protocols), ("web_mqtt.*", Protocols),
        ("stomp.*", Protocols), ("web_stomp.*", Protocols), ("stream.*", Protocols), ("amqp1_0.*", Protocols),
        ("web_amqp.*", Protocols), ("session_max_per_connection", Protocols), ("link_max_per_session", Protocols),
        ("shovel.*", Links), ("federation.*", Links), ("peer_discovery.*", Clusters), ("autocluster.*", Clusters),
        ("auth_ldap.*", Logins), ("auth_http.*", Logins), ("auth_cache.*", Logins), ("auth_oauth2.*", Logins),
        ("auth_backends.*", Logins), ("main.auth_backends", Logins), ("oauth.*", Logins),
        ("management.oauth_*", Logins), ("trust_store.*", Logins), ("password_hashing_module", Logins),
        ("credential_validator.*", Logins), ("anonymous_login_*", Logins), ("collect_statistics", Figures),
        ("collect_statistics_interval", Figures), ("management_agent.*", Figures),
        ("management.db_cache_multiplier", Figures), ("management.rates_mode", Figures),
        ("management.sample_retention_policies.*", Figures), ("management.disable_stats", Figures),
        ("management.enable_queue_totals", Figures), ("main.stats_interval", Figures),
        ("main.stats_log_size", Figures), ("memory_monitor_interval", Figures), ("disk_monitor_interval", Figures),
        ("management.login_session_timeout", "each request brings its login"),
        ("management.http_log_dir", "requests that change something are in the audit log"),
        ("tcp_listen_options.nodelay", Sockets), ("tcp_listen_options.keepalive", Sockets),
        ("tcp_listen_options.sndbuf", Sockets), ("tcp_listen_options.recbuf", Sockets),
        ("tcp_listen_options.buffer", Sockets), ("tcp_listen_options.linger.*", Sockets),
        ("tcp_listen_options.exit_on_close", Sockets), ("tcp_listen_options.send_timeout", Sockets),
        ("tcp_listen_options.reuseaddr", Sockets), ("ssl_options.depth", Sockets), ("ssl_options.password", Sockets),
        ("ssl_options.ciphers.*", Sockets), ("ssl_options.honor_*", Sockets),
        ("ssl_options.client_renegotiation", Sockets), ("ssl_options.secure_renegotiate", Sockets),
        ("ssl_options.reuse_sessions", Sockets), ("ssl_options.dhfile", Sockets), ("ssl_options.dh", Sockets),
        ("ssl_options.hibernate_after", Erlang), ("ssl_options.log_*", Sockets), ("ssl_options.crl_check", Sockets),
        ("ssl_options.bypass_pem_cache", Erlang), ("main.socket_buffer_size", Sockets), ("main.tcp_nodelay", Sockets),
        ("main.tcp_keepalive", Sockets), ("main.tcp_recv_buffer_size", Sockets),
        ("main.tcp_send_buffer_size", Sockets), ("management.tcp.compress", Sockets),
        ("management.tcp.shutdown_timeout", Sockets), ("management.tcp.max_keepalive", Sockets),
        ("amqp.unix_proxy_protocol", Sockets), ("main.tls_ciphers", Sockets), ("main.tls_keylog_file", Sockets),
        ("main.tls_ktls", Sockets), ("mgmt.unix_path", "control_unix_path is the HTTP API on a Unix domain socket"),
        ("experimental.*", Sockets), ("initial_frame_max", "frames are small until the connection is tuned"),
        ("main.segment_size", Files), ("main.max_deleted_definitions", Files), ("main.free_disk_warn", Files),
        ("queue_index_embed_msgs_below", Files), ("msg_store_*", Files), ("classic_queue.*", Files),
        ("queue_explicit_gc_run_operation_threshold", Erlang), ("lazy_queue_*", Files),
        ("main.data_dir_lock", "the data folder is always locked"),
        ("main.consumer_timeout_loop_interval", "timeouts are looked at four times a second"),
        ("motd_file", "nothing is printed at the start"), ("product.*", "the product's name is its own"),
        ("feature_flags.*", "there are none"), ("deprecated_features.*", "there are none"),
        ("permit_deprecated_features.*", "there are none"),
        ("channel_interceptor.*", "interceptors are those under message_interceptors"),
        ("plugins.*", "there are no plugins"), ("ranch_connection_max", "connection_max bounds the whole node"),
        ("ssl_handshake_timeout", "handshake_timeout covers TLS too"),
        ("channel_operation_timeout", "nothing waits for another node"),
        ("management.ssl.compress", Sockets), ("management.ssl.depth", Sockets), ("management.ssl.password", Sockets),
        ("management.ssl.honor_*", Sockets), ("management.ssl.ciphers.*", Sockets),
        ("management.ssl.client_renegotiation", Sockets), ("management.ssl.secure_renegotiate", Sockets),
        ("management.ssl.max_keepalive", Sockets), ("management.ssl.backlog", Sockets),
        ("management.ssl.inactivity_timeout", Sockets), ("management.tcp.backlog", Sockets),
        ("management.path_prefix", "the API is at /api, as everywhere"),
        ("prometheus.path", "figures are at /metrics"), ("prometheus.ssl.*", "figures over TLS are on the HTTP port"),
        ("prometheus.filter_aggregated_queue_metrics_pattern", Figures), ("prometheus.tcp.idle_timeout", Sockets),
        ("prometheus.tcp.inactivity_timeout", Sockets), ("prometheus.tcp.request_timeout", Sockets),
        ("definitions.https.*", First), ("definitions.tls.*", First),
        ("log.syslog", Outputs), ("log.syslog.*", Outputs), ("log.journald", Journal), ("log.journald.*", Journal),
        ("log.mirroring.level", Clusters), ("log.federation.level", Links), ("log.upgrade.level", "there are none"),
        ("log.ra.level", Clusters), ("log.osiris.level", Protocols), ("log.ldap.level", Logins),
        ("log.shovel.level", Links), ("log.console.use_colors", Outputs), ("log.console.color_esc_seqs.*", Outputs),
        ("log.console.stdio", Outputs), ("log.exchange.formatter*", Outputs), ("log.console.formatter.*", Outputs),
        ("log.file.formatter.*", Outputs),
    ];

    /// <summary>Why a name means nothing here; null if it is none of these.</summary>
    public static string? Explain(string name)
    {
        foreach (var (pattern, why) in All)
        {
            if (pattern == name
                || (pattern.EndsWith('*') && name.StartsWith(pattern[..^1], StringComparison.Ordinal)))
            {
                return why;
            }
        }
        return null;
    }
}
