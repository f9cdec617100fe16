using System.Net;
using Levada.Auth;
using Levada.Exchanges;
using Levada.Queues;
using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>
/// Everything a broker can be told. Filled by the command line, LEVADA_* variables and the configuration file
/// (see <see cref="Configuration.ConfigurationKeys"/>). A reload changes those whose keys are live, one by one, while
/// they are read: each is a word or a reference, so a reader has the old one or the new one.
/// </summary>
public sealed partial class BrokerOptions
{
    /// <summary>The folder that holds everything the broker must remember. Created if missing.</summary>
    public string DataDir { get; set; } = "data";

    /// <summary>What happens in the broker is published to amq.rabbitmq.event.</summary>
    public bool EventExchange { get; set; }

    /// <summary>The virtual host of that exchange; null is <see cref="DefaultVHost"/>.</summary>
    public string? EventExchangeVHost { get; set; }

    /// <summary>Log lines are also published, to amq.rabbitmq.log in <see cref="DefaultVHost"/>.</summary>
    public bool LogExchange { get; set; }

    /// <summary>Least severe event to publish there.</summary>
    public LogLevel LogExchangeLevel { get; set; } = LogLevel.Information;

    /// <summary>Where plain AMQP listens.</summary>
    public IList<ListenerOptions> AmqpListeners { get; set; } = [new(IPAddress.IPv6Any, 5672)];

    /// <summary>Paths of Unix domain sockets for plain AMQP, each of 107 bytes at most.</summary>
    public IList<string> UnixListeners { get; set; } = [];

    /// <summary>The mode of the files of <see cref="UnixListeners"/>: who may write may connect.</summary>
    public UnixFileMode UnixMode { get; set; } = (UnixFileMode)0b110_110_110;

    /// <summary>Where AMQP over TLS listens; none unless configured. Needs <see cref="Tls"/>.</summary>
    public IList<ListenerOptions> AmqpsListeners { get; set; } = [];

    /// <summary>Where the HTTP API listens.</summary>
    public IList<ListenerOptions> HttpListeners { get; set; } = [new(IPAddress.IPv6Any, 15672)];

    /// <summary>
    /// Where there are metrics and nothing else. This machine alone: nobody has to log in there.
    /// </summary>
    public IList<ListenerOptions> MetricsListeners { get; set; } = [new(IPAddress.Loopback, 15692)];

    /// <summary>The configuration names that port: without it there is no start.</summary>
    public bool MetricsPortIsAsked { get; set; }

    /// <summary>Where OpenTelemetry's protocol goes to: a collector's address; empty is nowhere.</summary>
    public string OtlpEndpoint { get; set; } = "";

    /// <summary>http/protobuf or grpc.</summary>
    public string OtlpProtocol { get; set; } = "http/protobuf";

    /// <summary>NAME=VALUE, separated by commas, sent along.</summary>
    public string OtlpHeaders { get; set; } = "";

    public string OtlpServiceName { get; set; } = "levada";

    /// <summary>Time from one sending of the metrics to the next.</summary>
    public TimeSpan OtlpInterval { get; set; } = TimeSpan.FromSeconds(60);

    public bool OtlpMetrics { get; set; } = true;

    /// <summary>Spans of messages whose traceparent header says that they are sampled.</summary>
    public bool OtlpTraces { get; set; }

    /// <summary>Metrics, on any port, only for users that may monitor.</summary>
    public bool MetricsNeedLogin { get; set; }

    /// <summary>/metrics has each connection, channel and queue, as /metrics/per-object does.</summary>
    public bool MetricsPerObject { get; set; }

    /// <summary>What TLS listeners present and ask for.</summary>
    public TlsOptions Tls { get; set; } = new();

    /// <summary>The same for clients that ask for one of these names (SNI); <c>*.</c> stands for one label.</summary>
    public IDictionary<string, TlsOptions> TlsHosts { get; set; } = new Dictionary<string, TlsOptions>();

    /// <summary>How clients may log in, in the order in which it is offered: PLAIN, AMQPLAIN, EXTERNAL.</summary>
    public IReadOnlyList<string> AuthMechanisms { get; set; } = Authenticator.Mechanisms;

    /// <summary>Where in its certificate a client's user name is, for EXTERNAL.</summary>
    public CertificateName CertificateLoginFrom { get; set; }

    /// <summary>Which one, from 0, if the certificate has several alternative names of the kind.</summary>
    public int CertificateLoginIndex { get; set; }

    /// <summary>AMQP listeners take PROXY protocol headers, from <see cref="ProxySources"/> and nobody else.</summary>
    public bool ProxyProtocol { get; set; }

    /// <summary>Who must send a PROXY header if <see cref="ProxyProtocol"/> is set.</summary>
    public ProxySources ProxySources { get; set; } = ProxySources.None;

    /// <summary>
    /// What clients are told the cluster is called, unless that was set while it ran; empty: the node's name.
    /// </summary>
    public string ClusterName { get; set; } = "";

    /// <summary>A file with the process id while the broker runs; empty for none.</summary>
    public string PidFile { get; set; } = "";

    /// <summary>
    /// A definitions file, or a folder of them, imported at each start; empty for none. With one the default user and
    /// virtual host are not made.
    /// </summary>
    public string LoadDefinitions { get; set; } = "";

    /// <summary>Definitions that are byte for byte what was loaded last are not loaded again.</summary>
    public bool SkipUnchangedDefinitions { get; set; }

    /// <summary>
    /// Every message gets the header timestamp_in_ms and the property timestamp; true overwrites the publisher's, null
    /// is off.
    /// </summary>
    public bool? SetHeaderTimestamp { get; set; }

    /// <summary>Every message gets the header x-routed-by; true overwrites the publisher's, null is off.</summary>
    public bool? SetHeaderRoutingNode { get; set; }

    /// <summary>Every message without the property timestamp gets it.</summary>
    public bool SetTimestamp { get; set; }

    /// <summary>What durable queues are that do not say it by x-queue-type.</summary>
    public QueueType DefaultQueueType { get; set; }

    /// <summary>How x-consistent-hash exchanges share keys out that do not say it by x-algorithm.</summary>
    public HashAlgorithm DefaultHashAlgorithm { get; set; }

    /// <summary>Users who may only connect from the machine itself.</summary>
    public ISet<string> LoopbackUsers { get; set; } = new HashSet<string>(StringComparer.Ordinal) { "guest" };

    /// <summary>
    /// Shards, each a loop with a journal of its own: 1 to 64; 0 means one a core, at most 8. Read when the data
    /// folder is made; later starts keep the number that the folder has.
    /// </summary>
    public int Shards { get; set; }

    /// <summary>The largest number of <see cref="Shards"/>.</summary>
    public const int ShardsMax = 64;

    /// <summary><see cref="Shards"/>, with 0 resolved for this machine.</summary>
    public int EffectiveShards => Shards > 0 ? Shards : Math.Clamp(Environment.ProcessorCount, 1, 8);
}
