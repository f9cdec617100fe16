using Levada.Warnings;

namespace Levada;

/// <summary>The bounds: each with its unit and what happens when it is met.</summary>
public sealed partial class BrokerOptions
{
    /// <summary>Largest frame in bytes that the broker proposes; 0 is no limit, else at least 4096.</summary>
    public uint FrameMax { get; set; } = 131_072;

    /// <summary>Most channels open at once on a connection, as proposed; 0 is no limit (65,535).</summary>
    public ushort ChannelMax { get; set; } = 2047;

    /// <summary>Seconds between heartbeats that the broker proposes; 0 turns them off.</summary>
    public ushort Heartbeat { get; set; } = 60;

    /// <summary>A client that has not opened its connection after this time is dropped.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most TLS handshakes at once; further clients wait for a place, up to the handshake's time.</summary>
    public int TlsHandshakeMax { get; set; } = 256;

    /// <summary>Largest message body in bytes; a larger one closes the channel when its header arrives.</summary>
    public long MaxMessageSize { get; set; } = 134_217_728;

    /// <summary>Most connections at once; a further one is refused with 530. 0 is no limit.</summary>
    public int ConnectionMax { get; set; }

    /// <summary>Most connections to a virtual host that has no limit of its own. 0 is no limit.</summary>
    public int ConnectionMaxPerVHost { get; set; }

    /// <summary>Most connections of a user who has no limit of their own. 0 is no limit.</summary>
    public int ConnectionMaxPerUser { get; set; }

    /// <summary>
    /// Most connections from one address. Those in their handshake count; of twice as many on sockets are closed
    /// without a word. 0 is no limit.
    /// </summary>
    public int ConnectionMaxPerAddress { get; set; }

    /// <summary>New connections that a user may make in a second, as many at once; 0 is no limit.</summary>
    public int ConnectionRatePerUser { get; set; }

    /// <summary>New connections that may come from one address in a second, as many at once; 0 is no limit.</summary>
    public int ConnectionRatePerAddress { get; set; }

    /// <summary>Most channels at once in a virtual host. 0 is no limit.</summary>
    public int ChannelMaxPerVHost { get; set; }

    /// <summary>Most channels at once of a user who has no limit of their own. 0 is no limit.</summary>
    public int ChannelMaxPerUser { get; set; }

    /// <summary>Most queues in a virtual host that has no limit of its own, else 406. 0 is no limit.</summary>
    public int QueueMaxPerVHost { get; set; }

    /// <summary>Most channels at once in the whole broker; a further one is refused with 530. 0 is no limit.</summary>
    public int ChannelMaxPerNode { get; set; }

    /// <summary>Most consumers at once on a channel; a further one is refused with 530. 0 is no limit.</summary>
    public int ConsumerMaxPerChannel { get; set; }

    /// <summary>Prefetch of consumers whose channel has not asked for one by basic.qos; 0 is no limit.</summary>
    public int DefaultConsumerPrefetch { get; set; }

    /// <summary>
    /// How long a delivery to a consumer may stay unsettled before its channel is closed with 406; zero is no limit.
    /// The argument x-consumer-timeout of a queue or a consumer goes before it.
    /// </summary>
    public TimeSpan ConsumerTimeout { get; set; }

    /// <summary>Bytes free on the data folder's file system below which publishing is blocked.</summary>
    public long DiskFreeLimit { get; set; } = 50_000_000;

    /// <summary>The same as a multiple of <see cref="TotalMemory"/>; if not 0 it goes before the bytes.</summary>
    public double DiskFreeLimitRelative { get; set; }

    /// <summary>Resident bytes of the process above which publishing is blocked; 0: the share of the memory.</summary>
    public long MemoryHighWatermark { get; set; }

    /// <summary>The share of <see cref="TotalMemory"/> above which publishing is blocked; 0 is no limit.</summary>
    public double MemoryHighWatermarkRelative { get; set; } = 0.6;

    /// <summary>Bytes that count as the machine's memory; 0: what the machine or the container has.</summary>
    public long TotalMemory { get; set; }

    /// <summary>Bytes waiting for a client's socket above which no delivery is offered to it.</summary>
    public int OutboxHighWater { get; set; } = 1 << 20;

    /// <summary>Bytes of a connection's publishes that may be posted and not yet applied.</summary>
    public int PublishCredit { get; set; } = 1 << 20;

    /// <summary>The same, summed over the broker.</summary>
    public long PublishCreditPerNode { get; set; } = 64 << 20;

    /// <summary>Bytes of frames that may wait behind an unanswered one; then the connection is not read.</summary>
    public int ParkedMax { get; set; } = 256 << 10;

    /// <summary>
    /// Bytes of messages that one connection may have begun and not finished, and of publishes that one transaction may
    /// gather. Beyond it the channel is closed with 506 or 406.
    /// </summary>
    public long UnfinishedMax { get; set; } = 256 << 20;

    /// <summary>
    /// Exchanges that one channel counts its publishes by; as many queues, and as many ways from an exchange to a
    /// queue; and exchanges by which a queue remembers what came of closed channels. Beyond it messages are counted
    /// together. 0 counts none apart.
    /// </summary>
    public int CountedPairsMax { get; set; } = 1000;

    /// <summary>
    /// Most values that an exchange with x-message-deduplication may be asked to remember; each takes up to 100 bytes.
    /// </summary>
    public int DeduplicationCacheMax { get; set; } = 1_000_000;

    /// <summary>Most bytes of messages that an x-recent-history exchange remembers, bodies in files included.</summary>
    public long RecentHistoryBytes { get; set; } = 32 << 20;

    /// <summary>
    /// Bytes of messages of the broker's own (firehose, events, log) that may be under way to their queues; what is
    /// above it is dropped.
    /// </summary>
    public long InternalPublishMax { get; set; } = 16 << 20;

    /// <summary>
    /// Closed connections that a virtual host remembers, as many that closed normally, and as many channels; each takes
    /// less than 2 KiB. 0 remembers none.
    /// </summary>
    public int ClosedHistoryMax { get; set; } = 100;

    /// <summary>When warnings of what clients do are given.</summary>
    public WarningOptions Warnings { get; } = new();

    /// <summary>Answers over HTTP that go on, at once: live lists, events; 0 allows none.</summary>
    public int HttpStreamsMax { get; set; } = 100;

    /// <summary>Traces at once, those that ended and are kept included; 0 allows none.</summary>
    public int TraceMax { get; set; } = 16;

    /// <summary>The smallest <see cref="TraceBytes"/>: any entry fits.</summary>
    public const int TraceBytesMin = 64 << 10;

    /// <summary>Bytes of the entries of one trace; the oldest make room for newer ones.</summary>
    public int TraceBytes { get; set; } = 1 << 20;

    /// <summary>Bytes of each body that a trace may be asked to keep; 0 allows none.</summary>
    public int TraceBodyMax { get; set; } = 4096;

    /// <summary>After this time a trace stops by itself.</summary>
    public TimeSpan TraceTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a trace that has ended can still be read.</summary>
    public TimeSpan TraceKeep { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Requests of operators that are remembered; each takes less than 3 KiB. 0 remembers none.</summary>
    public int AuditHistoryMax { get; set; } = 1000;

    /// <summary>Queues, exchanges, connections and channels that are sampled for charts, some 60 kB each after a day.
    /// </summary>
    public int SampledObjectsMax { get; set; } = 200;

    /// <summary>How long no queue must have had anything to do before memory is given back; zero is never.</summary>
    public TimeSpan MemoryTrimAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a drain waits for clients to finish before it closes them, unless it is told.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A drain ends when for so long nothing was under way.</summary>
    public TimeSpan DrainQuietTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Connections that the kernel may hold before the broker accepts them.</summary>
    public int ListenBacklog { get; set; } = 4096;

    /// <summary>How long a stop waits for clients to answer connection.close before it goes on.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
