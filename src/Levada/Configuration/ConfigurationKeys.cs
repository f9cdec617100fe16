using System.Net;
using System.Security.Authentication;

namespace Levada.Configuration;

/// <summary>
/// Every key there is, with RabbitMQ's name and LavinMQ's (section.key) where they have one.
/// Sources are applied in the order of this table, so that a key may build on one above it.
/// docs/configuration.md lists the same keys; a test compares.
/// </summary>
public static class ConfigurationKeys
{
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        Key("folder that holds everything the broker must remember", (o, s) => o.DataDir = ConfigurationValue.Text(s),
            "data_dir", "main.data_dir"),
        Key("least severe event to log: debug, info, warning, error, critical, none",
            (o, s) => o.LogLevel = ConfigurationValue.Level(s),
            "log.level", "log.console.level", "main.log_level"),
        Key("publishes log lines to the exchange amq.rabbitmq.log too",
            (o, s) => o.LogExchange = ConfigurationValue.Boolean(s),
            "log.exchange", "log_exchange", "main.log_exchange"),
        Key("least severe event to publish there",
            (o, s) => o.LogExchangeLevel = ConfigurationValue.Level(s), "log.exchange.level"),
        Key("publishes what happens in the broker to the exchange amq.rabbitmq.event",
            (o, s) => o.EventExchange = ConfigurationValue.Boolean(s), "event_exchange"),
        Key("virtual host of that exchange",
            (o, s) => o.EventExchangeVHost = ConfigurationValue.Text(s), "event_exchange.vhost"),
        Key("bytes of messages of the broker's own (firehose, events, log) under way to their queues; more is dropped",
            (o, s) => o.InternalPublishMax = ConfigurationValue.Bytes(s, 0, 1L << 40), "internal_publish_max"),

        // Listeners: RabbitMQ's lists first, then the short forms that change address or port of the usual ones.
        Many("port, or address:port, for AMQP; 'listeners.tcp = none' for no plain AMQP",
            (o, all) => o.AmqpListeners = Listeners(all), "listeners.tcp.*"),
        Many("port, or address:port, for AMQP over TLS", (o, all) => o.AmqpsListeners = Listeners(all),
            "listeners.ssl.*"),
        Key("addresses for AMQP, with and without TLS, separated by commas",
            (o, s) => BindAmqp(o, ConfigurationValue.Addresses(s)), "amqp.bind"),
        Key("port for AMQP", (o, s) => o.AmqpListeners = At(o.AmqpListeners, o.AmqpListeners, s), "amqp.port"),
        Key("port for AMQP over TLS", (o, s) => o.AmqpsListeners = At(o.AmqpsListeners, o.AmqpListeners, s),
            "amqps.port", "amqp.tls_port"),
        Many("paths of Unix domain sockets for AMQP", (o, all) => o.UnixListeners = Paths(all),
            "listeners.unix.*", "unix_path", "amqp.unix_path"),
        Key("mode of their files in octal: who may write may connect",
            (o, s) => o.UnixMode = ConfigurationValue.Mode(s), "unix_mode"),
        Key("addresses for HTTP, separated by commas",
            (o, s) => o.HttpListeners = Rebound(o.HttpListeners, ConfigurationValue.Addresses(s)),
            "management.tcp.ip", "mgmt.bind", "http.bind"),
        Key("port for HTTP", (o, s) => o.HttpListeners = At(o.HttpListeners, o.HttpListeners, s),
            "management.tcp.port", "mgmt.port", "http.port"),
        Key("Unix domain socket on which operators of this machine need no password; none for none",
            (o, s) => o.ControlSocket = ConfigurationValue.SocketPath(s),
            "control_unix_path", "main.control_unix_path"),
        Key("FileDescriptorName of systemd sockets for AMQP", (o, s) => o.AmqpSocketName = ConfigurationValue.Text(s),
            "amqp.systemd_socket_name", "amqp.amqp_systemd_socket_name"),
        Key("the same for AMQP over TLS", (o, s) => o.AmqpsSocketName = ConfigurationValue.Text(s),
            "amqps.systemd_socket_name"),
        Key("the same for HTTP", (o, s) => o.HttpSocketName = ConfigurationValue.Text(s),
            "http.systemd_socket_name", "mgmt.http_systemd_socket_name"),
        Key("connections the kernel may hold before they are accepted",
            (o, s) => o.ListenBacklog = (int)ConfigurationValue.Integer(s, 1, 65_535),
            "tcp_listen_options.backlog", "listen_backlog"),

        Key("PEM file with the server's certificate and those between it and the root",
            (o, s) => o.Tls.CertificateFile = ConfigurationValue.Text(s),
            "ssl_options.certfile", "main.tls_cert", "tls.cert"),
        Key("PEM file with the private key", (o, s) => o.Tls.KeyFile = ConfigurationValue.Text(s),
            "ssl_options.keyfile", "main.tls_key", "tls.key"),
        Key("PEM file with the roots that clients' certificates must come from",
            (o, s) => o.Tls.CaFile = ConfigurationValue.Text(s),
            "ssl_options.cacertfile", "main.tls_ca_cert", "tls.ca"),
        Key("certificates of clients: verify_none, verify_peer (if they have one), or required",
            (o, s) => o.Tls.Clients = ConfigurationValue.Clients(s),
            "ssl_options.verify", "main.tls_verify_peer", "tls.verify"),
        Key("true refuses clients without a certificate",
            (o, s) => o.Tls.Clients = ConfigurationValue.Boolean(s) ? ClientCertificates.Required
                : o.Tls.Clients == ClientCertificates.Required ? ClientCertificates.Optional : o.Tls.Clients,
            "ssl_options.fail_if_no_peer_cert"),
        Many("for one name that clients ask for, [sni:NAME]: tls_cert, tls_key, tls_ca_cert, tls_verify_peer, "
            + "tls_min_version", (o, all) => TlsHosts(o, all), "sni.*"),
        Many("TLS versions offered: tlsv1.2, tlsv1.3", (o, all) => o.Tls.Versions = Versions(all),
            "ssl_options.versions.*"),
        Key("oldest TLS version offered: 1.2 or 1.3",
            (o, s) => o.Tls.Versions = SslProtocols.Tls13 | ConfigurationValue.TlsVersion(s), "main.tls_min_version"),

        Key("most TLS handshakes at once; more wait, within handshake_timeout",
            (o, s) => o.TlsHandshakeMax = (int)ConfigurationValue.Integer(s, 1, 65_535), "tls_handshake_max"),
        Key("AMQP comes by proxies that send PROXY protocol headers, version 1 or 2",
            (o, s) => o.ProxyProtocol = ConfigurationValue.Boolean(s), "proxy_protocol", "amqp.tcp_proxy_protocol"),
        Key("their networks, and 'unix' for Unix domain sockets, separated by commas",
            (o, s) => o.ProxySources = ConfigurationValue.ProxySources(s),
            "proxy_protocol_trusted_sources", "amqp.proxy_protocol_trusted_sources"),

        Many("how clients may log in: PLAIN, AMQPLAIN, EXTERNAL",
            (o, all) => o.AuthMechanisms = [.. all.Select(ConfigurationValue.Mechanism).Distinct()],
            "auth_mechanisms.*"),
        Key("where EXTERNAL finds the user in a certificate: distinguished_name, common_name, subject_alternative_name",
            (o, s) => o.CertificateLoginFrom = ConfigurationValue.LoginFrom(s), "ssl_cert_login_from"),
        Key("which kind of subject_alternative_name: dns, email, uri",
            (o, s) => o.CertificateLoginFrom = ConfigurationValue.AlternativeName(s, o.CertificateLoginFrom),
            "ssl_cert_login_san_type"),
        Key("which one of that kind, from 0",
            (o, s) => o.CertificateLoginIndex = (int)ConfigurationValue.Integer(s, 0, 100), "ssl_cert_login_san_index"),

        Key("user made in an empty data folder", (o, s) => o.DefaultUser = ConfigurationValue.Text(s),
            "default_user", "main.default_user"),
        Key("that user's password", (o, s) => o.DefaultPass = ConfigurationValue.Text(s),
            "default_pass", "default_password"),
        Key("virtual host made in an empty data folder", (o, s) => o.DefaultVHost = ConfigurationValue.Text(s),
            "default_vhost"),
        Key("definitions file, or folder of *.json, imported at each start; then there is no default user or vhost",
            (o, s) => o.LoadDefinitions = ConfigurationValue.Text(s),
            "load_definitions", "management.load_definitions", "main.load_definitions", "definitions.local.path"),
        Key("where definitions come from: local_filesystem",
            static (_, s) => ConfigurationValue.CheckBackend(s), "definitions.import_backend"),
        Many("users who may connect only from this machine: loopback_users.NAME = true; 'loopback_users = none'",
            (o, all) => o.LoopbackUsers = Users(all), "loopback_users.*"),
        Key("false lets the default user in from anywhere",
            (o, s) => o.LoopbackUsers = ConfigurationValue.Boolean(s) ? new HashSet<string> { o.DefaultUser } : [],
            "main.default_user_only_loopback"),
        Key("what durable queues are that do not say it by x-queue-type: classic, quorum",
            (o, s) => o.DefaultQueueType = ConfigurationValue.QueueType(s), "default_queue_type"),
        Key("how x-consistent-hash exchanges without x-algorithm share keys out: ring, jump",
            (o, s) => o.DefaultHashAlgorithm = ConfigurationValue.Algorithm(s),
            "default_consistent_hash_algorithm", "main.default_consistent_hash_algorithm"),
        Key("gives each message the header timestamp_in_ms and the property timestamp; true: also over the publisher's",
            (o, s) => o.SetHeaderTimestamp = ConfigurationValue.Boolean(s),
            "message_interceptors.incoming.set_header_timestamp.overwrite"),
        Key("gives each message the header x-routed-by, the node's name; true: also over the publisher's",
            (o, s) => o.SetHeaderRoutingNode = ConfigurationValue.Boolean(s),
            "message_interceptors.incoming.set_header_routing_node.overwrite"),
        Key("gives each message without the property timestamp that property",
            (o, s) => o.SetTimestamp = ConfigurationValue.Boolean(s), "set_timestamp", "main.set_timestamp"),

        Key("milliseconds a client has until its connection is open",
            (o, s) => o.HandshakeTimeout = ConfigurationValue.Milliseconds(s, 100, 3_600_000), "handshake_timeout"),
        Key("seconds between heartbeats, as proposed; 0 is off",
            (o, s) => o.Heartbeat = (ushort)ConfigurationValue.Integer(s, 0, 65_535), "heartbeat", "amqp.heartbeat"),
        Key("largest frame in bytes, as proposed; 0 is no limit",
            (o, s) => o.FrameMax = FrameMax(s), "frame_max", "amqp.frame_max"),
        Key("most channels on a connection, as proposed; 0 is no limit",
            (o, s) => o.ChannelMax = (ushort)ConfigurationValue.Integer(s, 0, 65_535),
            "channel_max", "max_channels_per_connection", "amqp.channel_max"),
        Key("largest message body in bytes",
            (o, s) => o.MaxMessageSize = ConfigurationValue.Bytes(s, 1, 1L << 32),
            "max_message_size", "amqp.max_message_size"),
        Key("most connections to the broker; 0 is no limit", (o, s) => o.ConnectionMax = Count(s),
            "connection_max", "max_connections"),
        Key("most connections to a vhost without a limit of its own; 0 is no limit",
            (o, s) => o.ConnectionMaxPerVHost = Count(s), "connection_max_per_vhost"),
        Key("most connections of a user without a limit of their own; 0 is no limit",
            (o, s) => o.ConnectionMaxPerUser = Count(s), "connection_max_per_user"),
        Key("most connections from one address; 0 is no limit",
            (o, s) => o.ConnectionMaxPerAddress = Count(s), "connection_max_per_address"),
        Key("new connections a second of one user; 0 is no limit",
            (o, s) => o.ConnectionRatePerUser = Count(s), "connection_rate_per_user"),
        Key("new connections a second from one address; 0 is no limit",
            (o, s) => o.ConnectionRatePerAddress = Count(s), "connection_rate_per_address"),
        Key("most channels in a vhost; 0 is no limit", (o, s) => o.ChannelMaxPerVHost = Count(s),
            "channel_max_per_vhost"),
        Key("most channels of a user without a limit of their own; 0 is no limit",
            (o, s) => o.ChannelMaxPerUser = Count(s), "channel_max_per_user"),
        Key("most queues in a vhost without a limit of its own; 0 is no limit",
            (o, s) => o.QueueMaxPerVHost = Count(s), "queue_max_per_vhost"),
        Key("most channels in the broker; 0 is no limit", (o, s) => o.ChannelMaxPerNode = Count(s),
            "channel_max_per_node"),
        Key("most consumers on a channel; 0 is no limit", (o, s) => o.ConsumerMaxPerChannel = Count(s),
            "consumer_max_per_channel", "amqp.max_consumers_per_channel"),
        Key("milliseconds a delivery may stay unsettled before its consumer is cancelled; 0 is no limit",
            (o, s) => o.ConsumerTimeout = ConfigurationValue.Milliseconds(s, 0, int.MaxValue), "consumer_timeout"),
        Key("bytes free on the disk below which publishing is blocked",
            (o, s) => o.DiskFreeLimit = ConfigurationValue.Bytes(s, 0, 1L << 60),
            "disk_free_limit.absolute", "main.free_disk_min"),
        Key("the same as a multiple of the memory; goes before the bytes if not 0",
            (o, s) => o.DiskFreeLimitRelative = ConfigurationValue.Fraction(s, 0, 100), "disk_free_limit.relative"),
        Key("resident bytes of the broker above which publishing is blocked; 0 is the share below",
            (o, s) => o.MemoryHighWatermark = ConfigurationValue.Bytes(s, 0, 1L << 60),
            "vm_memory_high_watermark.absolute"),
        Key("the same as a share of the machine's or container's memory; 0 is no limit",
            (o, s) => o.MemoryHighWatermarkRelative = ConfigurationValue.Fraction(s, 0, 1),
            "vm_memory_high_watermark.relative"),
        Key("bytes that count as the machine's memory; 0 is what there is",
            (o, s) => o.TotalMemory = ConfigurationValue.Bytes(s, 0, 1L << 60),
            "total_memory_available_override_value"),

        Key("loops with a journal each; 0 is one a core, at most 8; counts when the data folder is made",
            (o, s) => o.Shards = (int)ConfigurationValue.Integer(s, 0, 64), "shards"),
        Key("bytes waiting for a client above which it gets no more deliveries",
            (o, s) => o.OutboxHighWater = (int)ConfigurationValue.Bytes(s, 16 << 10, 1 << 30), "outbox_high_water"),
        Key("bytes of a connection's publishes that may wait to be applied",
            (o, s) => o.PublishCredit = (int)ConfigurationValue.Bytes(s, 16 << 10, 1 << 30), "publish_credit"),
        Key("the same, over all connections",
            (o, s) => o.PublishCreditPerNode = ConfigurationValue.Bytes(s, 1 << 20, 1L << 40),
            "publish_credit_per_node"),
        Key("bytes of a connection's frames that may wait behind an unanswered one",
            (o, s) => o.ParkedMax = (int)ConfigurationValue.Bytes(s, 16 << 10, 1 << 30), "parked_max"),
        Key("bytes of messages that a connection may have begun and not finished, or a transaction gather",
            (o, s) => o.UnfinishedMax = ConfigurationValue.Bytes(s, 1 << 20, 1L << 40), "unfinished_max"),
        Key("most that x-cache-size of an exchange with x-message-deduplication may be",
            (o, s) => o.DeduplicationCacheMax = (int)ConfigurationValue.Integer(s, 1, 100_000_000),
            "deduplication_cache_max"),
        Key("most bytes of messages that an x-recent-history exchange remembers",
            (o, s) => o.RecentHistoryBytes = ConfigurationValue.Bytes(s, 0, 1L << 40), "recent_history_bytes"),
        Key("closed connections and channels that each vhost remembers, each kind by itself; 0 is none",
            (o, s) => o.ClosedHistoryMax = (int)ConfigurationValue.Integer(s, 0, 10_000), "closed_history_max"),
        Key("milliseconds between looks at clients for warnings; 0 is no warnings",
            (o, s) => o.Warnings.Interval = ConfigurationValue.Milliseconds(s, 0, int.MaxValue), "warning_interval"),
        Key("warnings of each name kept at once",
            (o, s) => o.Warnings.Max = (int)ConfigurationValue.Integer(s, 1, 1_000_000), "warning_max"),
        Key("channels below which a connection is not said to leak them",
            (o, s) => o.Warnings.ChannelLeakMin = (int)ConfigurationValue.Integer(s, 1, 1_000_000),
            "warning_channel_leak_min"),
        Key("milliseconds over which its channels must have become more; 0 is never warned",
            (o, s) => o.Warnings.ChannelLeakTime = ConfigurationValue.Milliseconds(s, 0, int.MaxValue),
            "warning_channel_leak_time"),
        Key("never used channels of a connection from which on it is warned of",
            (o, s) => o.Warnings.IdleChannelsMin = (int)ConfigurationValue.Integer(s, 1, 1_000_000),
            "warning_idle_channels_min"),
        Key("milliseconds that they must have been open; 0 is never warned",
            (o, s) => o.Warnings.IdleChannelsTime = ConfigurationValue.Milliseconds(s, 0, int.MaxValue),
            "warning_idle_channels_time"),
        Key("connections opened and closed in a second that are too many; 0 is never warned",
            (o, s) => o.Warnings.ConnectionRate = Count(s), "warning_connection_rate"),
        Key("the same for channels",
            (o, s) => o.Warnings.ChannelRate = Count(s), "warning_channel_rate"),
        Key("the same for consumers",
            (o, s) => o.Warnings.ConsumerRate = Count(s), "warning_consumer_rate"),
        Key("the same for queues",
            (o, s) => o.Warnings.QueueRate = Count(s), "warning_queue_rate"),
        Key("milliseconds that such a rate must last",
            (o, s) => o.Warnings.ChurnTime = ConfigurationValue.Milliseconds(s, 0, int.MaxValue), "warning_churn_time"),
        Key("milliseconds a consumer may hold all that it may and settle nothing; 0 is never warned",
            (o, s) => o.Warnings.NoAckTime = ConfigurationValue.Milliseconds(s, 0, int.MaxValue),
            "warning_no_ack_time"),
        Key("unacknowledged deliveries of a channel below which their growth is not warned of",
            (o, s) => o.Warnings.UnackedGrowthMin = (int)ConfigurationValue.Integer(s, 1, 1_000_000),
            "warning_unacked_growth_min"),
        Key("milliseconds over which they must have become more; 0 is never warned",
            (o, s) => o.Warnings.UnackedGrowthTime = ConfigurationValue.Milliseconds(s, 0, int.MaxValue),
            "warning_unacked_growth_time"),
        Key("milliseconds an alarm must block a connection that also consumes; 0 is never warned",
            (o, s) => o.Warnings.BlockedTime = ConfigurationValue.Milliseconds(s, 0, int.MaxValue),
            "warning_blocked_time"),
        Key("answers over HTTP that go on at once: live lists, events; 0 allows none",
            (o, s) => o.HttpStreamsMax = (int)ConfigurationValue.Integer(s, 0, 10_000), "http_streams_max"),
        Key("traces at once, those that ended and are kept included; 0 allows none",
            (o, s) => o.TraceMax = (int)ConfigurationValue.Integer(s, 0, 1_000), "trace_max"),
        Key("bytes of a trace; the oldest entries make room for newer ones",
            (o, s) => o.TraceBytes = (int)ConfigurationValue.Bytes(s, BrokerOptions.TraceBytesMin, 1 << 30),
            "trace_bytes"),
        Key("bytes of each body that a trace may be asked to keep; 0 allows none",
            (o, s) => o.TraceBodyMax = (int)ConfigurationValue.Bytes(s, 0, 1 << 20), "trace_body_max"),
        Key("milliseconds after which a trace stops by itself",
            (o, s) => o.TraceTime = ConfigurationValue.Milliseconds(s, 1_000, 86_400_000), "trace_time"),
        Key("milliseconds for which a trace that has ended can be read",
            (o, s) => o.TraceKeep = ConfigurationValue.Milliseconds(s, 0, 86_400_000), "trace_keep"),
        Key("requests of operators that are remembered; 0 is none",
            (o, s) => o.AuditHistoryMax = (int)ConfigurationValue.Integer(s, 0, 100_000), "audit_history_max"),
        Key("milliseconds of quiet after which memory is given back to the system; 0 is never",
            (o, s) => o.MemoryTrimAfter = ConfigurationValue.Milliseconds(s, 0, 86_400_000), "memory_trim_after"),
        Key("milliseconds a drain waits for clients to finish before it closes them",
            (o, s) => o.DrainTimeout = ConfigurationValue.Milliseconds(s, 0, 86_400_000), "drain_timeout"),
        Key("milliseconds without anything under way after which a drain closes the clients",
            (o, s) => o.DrainQuietTime = ConfigurationValue.Milliseconds(s, 0, 3_600_000), "drain_quiet_time"),
        Key("milliseconds a stop waits for clients to answer connection.close",
            (o, s) => o.ShutdownTimeout = ConfigurationValue.Milliseconds(s, 0, 3_600_000), "shutdown_timeout"),
    ];

    private static ConfigurationKey Key(string help, Action<BrokerOptions, Setting> set, params string[] names) =>
        new(names, help, (options, settings) => set(options, settings[^1]));

    private static ConfigurationKey Many(
        string help, Action<BrokerOptions, IReadOnlyList<Setting>> set, params string[] names) => new(names, help, set);

    private static int Count(Setting s) => (int)ConfigurationValue.Integer(s, 0, int.MaxValue);

    private static uint FrameMax(Setting s)
    {
        var value = (uint)ConfigurationValue.Bytes(s, 0, int.MaxValue);
        return value is 0 or >= 4096 ? value : throw ConfigurationValue.Bad(s, "0, or at least 4096 bytes");
    }

    private static List<ListenerOptions> Listeners(IReadOnlyList<Setting> all) =>
        [.. all.Where(s => s.Value != "none").Select(ConfigurationValue.Listener)];

    /// <summary>
    /// Listeners on the port; their addresses are those of <paramref name="old"/>, or of a like kind.
    /// </summary>
    private static List<ListenerOptions> At(IList<ListenerOptions> old, IList<ListenerOptions> like, Setting port)
    {
        var number = ConfigurationValue.Port(port);
        var addresses = (old.Count > 0 ? old : like).Select(static l => l.Address).Distinct();
        return [.. addresses.DefaultIfEmpty(IPAddress.IPv6Any).Select(a => new ListenerOptions(a, number))];
    }

    private static void BindAmqp(BrokerOptions options, IReadOnlyList<IPAddress> addresses)
    {
        options.AmqpListeners = Rebound(options.AmqpListeners, addresses);
        options.AmqpsListeners = Rebound(options.AmqpsListeners, addresses);
    }

    /// <summary>The ports that there are, each on every one of the addresses.</summary>
    private static List<ListenerOptions> Rebound(
        IList<ListenerOptions> listeners, IReadOnlyList<IPAddress> addresses) =>
        [.. from port in listeners.Select(static l => l.Port).Distinct()
            from address in addresses
            select new ListenerOptions(address, port)];

    private static List<string> Paths(IReadOnlyList<Setting> all) =>
        [.. all.Where(s => s.Value != "none").Select(ConfigurationValue.Text)];

    // "[sni:NAME]" is read as sni.NAME: what is behind the last dot is the option's name.
    private static void TlsHosts(BrokerOptions options, IReadOnlyList<Setting> all)
    {
        foreach (var setting in all)
        {
            var dot = setting.Item.LastIndexOf('.');
            var name = setting.Item[..Math.Max(dot, 0)];
            if (name.Length == 0)
                throw ConfigurationValue.Bad(setting, "a section [sni:NAME]");
            if (!options.TlsHosts.TryGetValue(name, out var host))
                options.TlsHosts.Add(name, host = new TlsOptions());
            switch (setting.Item[(dot + 1)..])
            {
                case "tls_cert":
                    host.CertificateFile = ConfigurationValue.Text(setting);
                    break;
                case "tls_key":
                    host.KeyFile = ConfigurationValue.Text(setting);
                    break;
                case "tls_ca_cert":
                    host.CaFile = ConfigurationValue.Text(setting);
                    break;
                case "tls_verify_peer":
                    host.Clients = ConfigurationValue.Clients(setting);
                    break;
                case "tls_min_version":
                    host.Versions = SslProtocols.Tls13 | ConfigurationValue.TlsVersion(setting);
                    break;
                default:
                    throw new ConfigurationException(
                        $"{setting.Place}: there is no key '{setting.Name}'; an [sni:NAME] section has tls_cert, "
                        + "tls_key, tls_ca_cert, tls_verify_peer and tls_min_version");
            }
        }
    }

    private static SslProtocols Versions(IReadOnlyList<Setting> all) =>
        all.Aggregate(SslProtocols.None, (versions, s) => versions | ConfigurationValue.TlsVersion(s));

    private static HashSet<string> Users(IReadOnlyList<Setting> all) =>
        [.. all.Where(s => s.Item.Length > 0 && ConfigurationValue.Boolean(s)).Select(s => s.Item)];
}
