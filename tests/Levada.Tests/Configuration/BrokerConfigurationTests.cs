using System.Net;
using System.Security.Authentication;
using Levada.Auth;
using Levada.Cli.Server;
using Levada.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Levada.Tests.Configuration;

public sealed class BrokerConfigurationTests
{
    [Fact]
    public void RabbitMQ_lines_are_read()
    {
        var options = Read(
            """
            # a comment
            listeners.tcp.local = 127.0.0.1:5673
            listeners.tcp.six = [::1]:5674
            listeners.ssl.default = 5671
            ssl_options.certfile = /etc/cert.pem
            ssl_options.versions.1 = tlsv1.3
            management.tcp.port = 15673
            frame_max = 65536   # bytes
            handshake_timeout = 2500
            disk_free_limit.absolute = 1GB
            default_pass = 'with # and blanks '
            loopback_users.guest = false
            loopback_users.Alice = true
            log.console.level = debug
            """);
        Assert.Equal(["127.0.0.1:5673", "[::1]:5674"], options.AmqpListeners.Select(l => l.ToString()));
        Assert.Equal(5671, Assert.Single(options.AmqpsListeners).Port);
        Assert.Equal("/etc/cert.pem", options.Tls.CertificateFile);
        Assert.Equal(SslProtocols.Tls13, options.Tls.Versions);
        Assert.Equal(15673, Assert.Single(options.HttpListeners).Port);
        Assert.Equal(65_536u, options.FrameMax);
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.HandshakeTimeout);
        Assert.Equal(1_000_000_000, options.DiskFreeLimit);
        Assert.Equal("with # and blanks ", options.DefaultPass);
        Assert.Equal(["Alice"], options.LoopbackUsers);
        Assert.Equal(LogLevel.Debug, options.LogLevel);
    }

    [Fact]
    public void Transports_are_read()
    {
        var options = Read(
            """
            amqp.bind = 127.0.0.1, ::1
            amqp.port = 5675
            unix_path = /run/levada/amqp.sock
            unix_mode = 0660
            proxy_protocol = true
            proxy_protocol_trusted_sources = 10.0.0.0/8, ::1, unix
            ssl_options.certfile = /etc/cert.pem
            ssl_options.cacertfile = /etc/ca.pem
            ssl_options.verify = verify_peer
            ssl_options.fail_if_no_peer_cert = false
            auth_mechanisms.1 = EXTERNAL
            ssl_cert_login_from = subject_alternative_name
            ssl_cert_login_san_type = email
            [sni:orders.example.com]
            tls_cert = /etc/orders.pem
            tls_verify_peer = true
            tls_min_version = 1.3
            """);
        Assert.Equal(["127.0.0.1:5675", "[::1]:5675"], options.AmqpListeners.Select(l => l.ToString()));
        Assert.Equal("/run/levada/amqp.sock", Assert.Single(options.UnixListeners));
        Assert.Equal(0b110_110_000, (int)options.UnixMode);
        Assert.True(options.ProxyProtocol);
        Assert.True(options.ProxySources.Unix);
        Assert.True(options.ProxySources.Contains(new IPEndPoint(IPAddress.Parse("::ffff:10.1.2.3"), 1)));
        Assert.True(options.ProxySources.Contains(new IPEndPoint(IPAddress.IPv6Loopback, 1)));
        Assert.False(options.ProxySources.Contains(new IPEndPoint(IPAddress.Parse("11.1.2.3"), 1)));
        Assert.Equal(ClientCertificates.Optional, options.Tls.Clients);
        Assert.Equal(["EXTERNAL"], options.AuthMechanisms);
        Assert.Equal(CertificateName.Email, options.CertificateLoginFrom);
        var host = options.TlsHosts["orders.example.com"].Or(options.Tls);
        Assert.Equal(("/etc/orders.pem", null, "/etc/ca.pem"), (host.CertificateFile, host.KeyFile, host.CaFile));
        Assert.Equal((ClientCertificates.Required, SslProtocols.Tls13), (host.Clients, host.Versions));
    }

    [Theory]
    [InlineData("proxy_protocol = true", "proxy_protocol_trusted_sources")]
    [InlineData("ssl_options.verify = verify_peer", "ssl_options.cacertfile")]
    [InlineData("[sni:a.example]\ntls_verify_peer = false", "tls_cert")]
    [InlineData("listeners.ssl.1 = 5671", "certificate")]
    public void What_is_missing_is_named(string text, string expected)
    {
        var e = Assert.Throws<ConfigurationException>(() => Read(text).Validate());
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LavinMQ_sections_are_read()
    {
        var options = Read(
            """
            [main]
            data_dir = /var/lib/levada
            default_user_only_loopback = true
            default_user = admin
            tls_min_version = 1.2
            ; a comment
            [amqp]
            port = 5673
            bind = ::1
            tls_port = 5674
            channel_max = 10
            [mgmt]
            port = 0
            bind = localhost
            """);
        Assert.Equal("/var/lib/levada", options.DataDir);
        Assert.Equal(["admin"], options.LoopbackUsers);
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, options.Tls.Versions);
        Assert.Equal(new ListenerOptions(IPAddress.IPv6Loopback, 5673), Assert.Single(options.AmqpListeners));
        Assert.Equal(5674, Assert.Single(options.AmqpsListeners).Port);
        Assert.Equal(new ListenerOptions(IPAddress.Loopback, 0), Assert.Single(options.HttpListeners));
        Assert.Equal(10, options.ChannelMax);
    }

    [Theory]
    [InlineData("framemax = 1", "levada.conf:1: there is no key 'framemax'; did you mean 'frame_max'?")]
    [InlineData("[amqp]\nheartbeet = 1", "conf:2: there is no key 'amqp.heartbeet'; did you mean 'amqp.heartbeat'?")]
    [InlineData("nothing_like_any = 1", "docs/configuration.md lists them all")]
    [InlineData("frame_max = 100", "expected 0, or at least 4096 bytes")]
    [InlineData("heartbeat = 70000", "expected a whole number from 0 to 65535")]
    [InlineData("heartbeat = -1", "expected a whole number from 0 to 65535")]
    [InlineData("max_message_size = 12 parsecs", "units as in 64kB (1000) or 64MiB (1024)")]
    [InlineData("max_message_size = 999999999999TB", "units as in")]
    [InlineData("ssl_options.versions.1 = tlsv1", "tlsv1.2 or tlsv1.3")]
    [InlineData("main.default_user_only_loopback = maybe", "expected true or false")]
    [InlineData("listeners.tcp.default = 70000", "expected a port, or address:port")]
    [InlineData("amqp.bind = nowhere", "expected an IP address")]
    [InlineData("unix_mode = 999", "0660")]
    [InlineData("proxy_protocol_trusted_sources = somewhere", "10.0.0.0/8")]
    [InlineData("auth_mechanisms.1 = MAGIC", "EXTERNAL")]
    [InlineData("[sni:a.example]\ntls_crt = x", "tls_min_version")]
    [InlineData("just words", "levada.conf:1: expected 'key = value'")]
    [InlineData("[", "a section looks like [amqp]")]
    [InlineData("default_pass = 'open", "the closing ' is missing")]
    public void Bad_line_is_refused_and_the_message_helps(string text, string expected)
    {
        var e = Assert.Throws<ConfigurationException>(() => Read(text));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("64k", 65_536)]
    [InlineData("64kB", 64_000)]
    [InlineData("1 MiB", 1_048_576)]
    [InlineData("100000", 100_000)]
    public void Bytes_have_units(string text, int expected) =>
        Assert.Equal(expected, Read($"parked_max = {text}").ParkedMax);

    [Fact]
    public void No_plain_AMQP_is_possible() => Assert.Empty(Read("listeners.tcp = none").AmqpListeners);

    [Fact]
    public void Variables_are_keys_in_capitals()
    {
        var variables = new Dictionary<string, string>
        {
            ["LEVADA_FRAME_MAX"] = "8192",
            ["LEVADA_AMQP_PORT"] = "1",
            ["LEVADA_LISTENERS_SSL_DEFAULT"] = "2",
            ["LEVADA_CONFIG"] = "ignored here",
            ["LEVADA_PORT"] = "tcp://10.0.0.1:5672",
            ["PATH"] = "/bin",
        };
        var unknown = new List<string>();
        var options = new BrokerOptions();
        BrokerConfiguration.Apply(options, EnvironmentSettings.Read(variables, unknown));
        Assert.Equal(8192u, options.FrameMax);
        Assert.Equal(1, Assert.Single(options.AmqpListeners).Port);
        Assert.Equal(2, Assert.Single(options.AmqpsListeners).Port);
        Assert.Equal(["LEVADA_PORT"], unknown);
    }

    [Fact]
    public void Variables_of_others_count_below_ours()
    {
        var variables = new Dictionary<string, string>
        {
            ["RABBITMQ_NODE_PORT"] = "1",
            ["LAVINMQ_AMQP_PORT"] = "2",
            ["LEVADA_LISTENERS_TCP_DEFAULT"] = "3",
            ["RABBITMQ_DEFAULT_PASS"] = "open sesame",
        };
        var loaded = ServerCommand.Load(null, variables, [], []);
        Assert.Equal(3, Assert.Single(loaded.Options.AmqpListeners).Port);
        Assert.Equal("open sesame", loaded.Options.DefaultPass);
        var rows = loaded.Rows().ToDictionary(static r => r.Key);
        Assert.Equal(("***", "RABBITMQ_DEFAULT_PASS"), (rows["default_pass"].Value, rows["default_pass"].Source));
        Assert.Equal("LEVADA_LISTENERS_TCP_DEFAULT", rows["listeners.tcp.*"].Source);
        Assert.Equal(("60", "default"), (rows["heartbeat"].Value, rows["heartbeat"].Source));
    }

    [Theory]
    [InlineData("cluster_formation.peer_discovery_backend = classic_config", "not a cluster")]
    [InlineData("[mqtt]\nport = 1883", "AMQP 0-9-1")]
    [InlineData("tcp_listen_options.nodelay = true", "system")]
    [InlineData("auth_backends.1 = ldap", "the broker's own")]
    public void Keys_that_mean_nothing_here_are_taken_with_a_warning(string text, string expected)
    {
        var loaded = LoadedConfiguration.Of(ConfigurationFile.Parse(text, "x.conf"));
        Assert.Contains(expected, Assert.Single(loaded.Warnings), StringComparison.Ordinal);
        Assert.StartsWith("x.conf:", loaded.Warnings[0], StringComparison.Ordinal);
        Assert.Empty(loaded.From);
    }

    [Theory]
    [InlineData("ssl_options.certfil = x", "did you mean 'ssl_options.certfile'?")]
    [InlineData("management.tcp.prot = 1", "did you mean 'management.tcp.port'?")]
    [InlineData("tcp_listen_options.backlogs = 1", "did you mean 'tcp_listen_options.backlog'?")]
    [InlineData("main.data_dri = /x", "did you mean 'main.data_dir'?")]
    public void Misspelt_keys_of_a_family_with_others_that_mean_nothing_are_wrong(string text, string expected) =>
        Assert.Contains(
            expected, Assert.Throws<ConfigurationException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        var e = Assert.Throws<ConfigurationException>(() => Read("heartbaet = 1\nframe_max = 1\nheartbeat = -1"));
        Assert.Collection(
            e.Problems.Order(StringComparer.Ordinal),
            p => Assert.StartsWith("levada.conf:1:", p, StringComparison.Ordinal),
            p => Assert.StartsWith("levada.conf:2:", p, StringComparison.Ordinal),
            p => Assert.StartsWith("levada.conf:3:", p, StringComparison.Ordinal));
    }

    [Fact]
    public void LavinMQs_hash_is_the_default_users()
    {
        var hash = PasswordHash.Create("secret");
        Assert.Equal(hash.Text, Read($"[main]\ndefault_password_hash = {hash.Text}").DefaultPassHash!.Text);
        Assert.Throws<ConfigurationException>(() => Read("default_password_hash = secret"));
    }

    [Fact]
    public void Keys_of_both_brokers_are_known()
    {
        const string Names =
            """
            main.data_dir main.log_level main.log_file main.pidfile main.control_unix_path main.tls_cert main.tls_key
            main.tls_ciphers main.tls_min_version main.tls_keylog_file main.tls_ktls main.stats_interval
            main.stats_log_size main.set_timestamp main.socket_buffer_size main.tcp_nodelay main.tcp_keepalive
            main.tcp_recv_buffer_size main.tcp_send_buffer_size main.segment_size main.free_disk_min
            main.free_disk_warn main.max_deleted_definitions main.consumer_timeout
            main.consumer_timeout_loop_interval main.log_exchange main.auth_backends main.default_consumer_prefetch
            main.default_user main.default_password_hash main.default_user_only_loopback main.load_definitions
            main.data_dir_lock main.default_consistent_hash_algorithm main.metrics_http_bind main.metrics_http_port
            amqp.bind amqp.port amqp.tls_port amqp.unix_path amqp.tcp_proxy_protocol
            amqp.proxy_protocol_trusted_sources amqp.heartbeat amqp.frame_max amqp.channel_max amqp.max_message_size
            amqp.max_consumers_per_channel amqp.amqp_systemd_socket_name mqtt.bind mqtt.max_inflight_messages mgmt.bind
            mgmt.port mgmt.tls_port mgmt.unix_path mgmt.http_systemd_socket_name clustering.enabled
            clustering.etcd_endpoints oauth.issuer experimental.yield_each_received_bytes
            listeners.tcp.1 listeners.ssl.default num_acceptors.tcp handshake_timeout heartbeat frame_max
            initial_frame_max max_channels_per_connection channel_max channel_max_per_node consumer_max_per_channel
            max_connections ranch_connection_max session_max_per_connection link_max_per_session max_message_size
            vhost_max cluster_queue_limit cluster_exchange_limit consumer_timeout vm_memory_high_watermark.relative
            vm_memory_high_watermark.absolute vm_memory_high_watermark_paging_ratio
            total_memory_available_override_value disk_free_limit.relative disk_free_limit.absolute
            memory_monitor_interval collect_statistics collect_statistics_interval proxy_protocol loopback_users.guest
            default_vhost default_user default_pass default_permissions.configure default_users.a.tags
            default_user_tags.administrator default_policies.operator.a.pattern default_limits.vhosts.1.pattern
            auth_mechanisms.1 auth_backends.1 password_hashing_module credential_validator.min_length load_definitions
            definitions.import_backend definitions.local.path log.console log.console.level log.console.formatter
            log.file log.file.level log.file.rotation.size log.exchange log.exchange.level log.syslog log.journald
            log.connection.level log.channel.level log.queue.level log.mirroring.level log.federation.level
            log.upgrade.level log.user.level log.ra.level log.default.level cluster_formation.peer_discovery_backend
            cluster_name cluster_partition_handling queue_leader_locator default_queue_type
            message_interceptors.incoming.set_header_timestamp.overwrite channel_interceptor.a motd_file product.name
            management.path_prefix management.login_session_timeout management.cors.allow_origins.1
            management.cors.max_age management.csp.policy management.hsts.policy management.db_cache_multiplier
            management.rates_mode management.http_log_dir management.ssl.port management.ssl.certfile
            management.tcp.port management.tcp.ip prometheus.return_per_object_metrics prometheus.path
            prometheus.tcp.port prometheus.authentication.enabled
            prometheus.filter_aggregated_queue_metrics_pattern auth_ldap.servers.1 auth_http.user_path
            auth_cache.cache_ttl mqtt.allow_anonymous stomp.default_user stream.frame_max shovel.a trust_store.directory
            """;
        Assert.DoesNotContain(
            Names.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
            static name => ConfigurationKeys.Find(name, out _) is null && ForeignKeys.Explain(name) is null);
    }

    [Fact]
    public void No_key_of_ours_is_taken_for_one_that_means_nothing()
    {
        foreach (var name in ConfigurationKeys.All.SelectMany(k => k.Names))
            Assert.Null(ForeignKeys.Explain(name.TrimEnd('*').TrimEnd('.')));
    }

    [Fact]
    public void What_is_shown_can_be_read_again()
    {
        // Texts that are none of the file's, or none at all.
        string[] not = ["sni.*", "event_exchange.vhost", "control_unix_path", "load_definitions"];
        foreach (var row in LoadedConfiguration.Of().Rows().Where(r => r.Value.Length > 0 && !not.Contains(r.Key)))
        {
            if (row.Value is ConfigurationRow.Hidden or "none" || row.Key.EndsWith(".*", StringComparison.Ordinal)
                || row.Value.Contains(':', StringComparison.Ordinal) || row.Key == "proxy_protocol_trusted_sources")
                continue;
            var again = LoadedConfiguration.Of([new Setting("test", row.Key, row.Value)]);
            Assert.Equal(row.Value, again.Rows().Single(r => r.Key == row.Key).Value);
        }
    }

    [Fact]
    public void Every_name_belongs_to_one_key()
    {
        foreach (var key in ConfigurationKeys.All)
        {
            Assert.NotEmpty(key.Help);
            foreach (var name in key.Names)
                Assert.Equal([key], ConfigurationKeys.All.Where(k => k.Matches(name.Replace("*", "x"), out _)));
        }
    }

    private static BrokerOptions Read(string text)
    {
        var options = new BrokerOptions();
        BrokerConfiguration.Apply(options, ConfigurationFile.Parse(text, "levada.conf"));
        return options;
    }
}
