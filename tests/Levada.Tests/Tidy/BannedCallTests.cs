using System.Text.RegularExpressions;
using Xunit;

namespace Levada.Tests.Tidy;

/// <summary>Calls that the house does without, or keeps to a few named files.</summary>
public sealed partial class BannedCallTests
{
    /// <summary>The folders that a message passes.</summary>
    private static readonly string[] Path = ["Amqp", "Exchanges", "Journal", "Queues", "Storage"];

    /// <summary>Every lock there is: where it is made, and what it guards. A new one needs a line here.</summary>
    private static readonly Dictionary<string, string> Locks = new()
    {
        ["src/Levada.Cli/Logging/LogWriter.cs"] = "log lines that wait for standard error",
        ["src/Levada.Cli/Proxy/Account.cs"] = "the pools of a user of the proxy, and the check of its credentials",
        ["src/Levada.Cli/Proxy/ConnectionPool.cs"] = "a pool's turn: its clients, channels and upstream connections",
        ["src/Levada.Cli/Proxy/Link.cs"] = "octets that wait for a client or the broker",
        ["src/Levada.Cli/Proxy/ProxyServer.cs"] = "who came with which credentials; the broker's greeting",
        ["src/Levada.Management/Otlp/OtlpMetrics.cs"] = "the look at the node that is being sent",
        ["src/Levada/Broker.cs"] = "one look at the memory at a time",
        ["src/Levada.Management/Lists/SampledObjects.cs"] = "which objects are sampled",
        ["src/Levada/History/Samples.cs"] = "what is sampled of the node, or of an object",
        ["src/Levada/History/WatchedObjects.cs"] = "which objects somebody watches",
        ["src/Levada/Amqp/Alarms.cs"] = "the set of alarms, while it changes",
        ["src/Levada/Amqp/ClosedSessions.cs"] = "what was closed lately",
        ["src/Levada/Amqp/Connection.Turn.cs"] = "answers that come back to a connection from other threads",
        ["src/Levada/Amqp/Connection.cs"] = "a connection's turn; and the wait of its reader",
        ["src/Levada/Amqp/OpenConnections.cs"] = "who is let in, while limits are compared",
        ["src/Levada/Amqp/Outbox.cs"] = "the bytes, tags and unsettled entries of a connection",
        ["src/Levada/Auth/LoginCounts.cs"] = "how many logins were tried, by protocol and by source",
        ["src/Levada/Auth/LoginDelays.cs"] = "failed logins, by address and user",
        ["src/Levada/Catalog/CatalogStore.cs"] = "catalog changes, one after the other",
        ["src/Levada/Counting/ArrivalTable.cs"] = "what came to a queue, of channels that are closed",
        ["src/Levada/Journal/GroupCommit.cs"] = "groups on their way from the turns to the flusher",
        ["src/Levada/Journal/PostBatch.cs"] = "the pool of batches",
        ["src/Levada/Journal/Shard.cs"] = "the inbox of a shard",
        ["src/Levada/Logs/BrokerLog.cs"] = "the last log lines, and who watches",
        ["src/Levada/Operations/AuditLog.cs"] = "what operators asked for",
        ["src/Levada/Transports/AmqpListeners.cs"] = "whether AMQP is listened for",
        ["src/Levada/Operations/Drain.cs"] = "whether the node is in service",
        ["src/Levada/Events/EventFeed.cs"] = "who listens to events over HTTP",
        ["src/Levada/Configuration/RunningConfiguration.cs"] = "one reload at a time",
        ["src/Levada/Events/InternalPublisher.cs"] = "what the broker itself publishes, on its way",
        ["src/Levada/Exchanges/RecentHistory.cs"] = "the last messages of one exchange",
        ["src/Levada/Queues/Deduplication.cs"] = "what one exchange or queue has seen lately",
        ["src/Levada/Offline/UnchangedDisk.cs"] = "which files an offline tool seems to have changed",
        ["src/Levada/Offline/UnchangedFile.cs"] = "the changed pages of one of these",
        ["src/Levada.Cli/Data/ProgressBars.cs"] = "the bars shown",
        ["src/Levada/Platform/DiskThreads.cs"] = "work that waits for a disk thread",
        ["src/Levada/Storage/BodyWriter.cs"] = "whether a body's file is being synced",
        ["src/Levada/Storage/WorkGate.cs"] = "how much background work is under way, for a clean stop",
        ["src/Levada/Tracing/Traces.cs"] = "which traces there are",
        ["src/Levada/Transports/TlsHost.cs"] = "one reading of certificate files at a time",
        ["src/Levada/Transports/TlsServer.cs"] = "places for handshakes",
        ["src/Levada/Platform/AsyncSignal.cs"] = "who waits for a signal",
    };

    [Fact]
    public void Wall_clock_is_read_in_Platform_only() =>
        Findings.AssertNone(
            SourceTree.Source.Where(f => f.Folder != "Platform").SelectMany(f => f.Matches(WallClock())));

    [Fact]
    public void Nobody_sleeps() =>
        Findings.AssertNone(
            SourceTree.All.Where(f => f.Folder is not ("Perf" or "Tidy")).SelectMany(f => f.Matches(Sleep())));

    [Fact]
    public void Path_of_a_message_starts_no_tasks() =>
        Findings.AssertNone(SourceTree.Source.Where(f => f.Project == "Levada.Protocol" || Path.Contains(f.Folder))
            .SelectMany(f => f.Matches(NewTask())));

    [Fact]
    public void Locks_are_those_on_the_list()
    {
        var made = SourceTree.Source.Where(f => f.Folder != "Perf" && f.Matches(NewLock()).Any()).Select(f => f.Path)
            .ToList();
        Findings.AssertNone(made.Except(Locks.Keys).Select(f => $"{f} makes a lock that is not on the list")
            .Concat(Locks.Keys.Except(made).Select(f => $"{f} is on the list but makes no lock")));
    }

    [Fact]
    public void Nobody_locks_what_others_can_lock() =>
        Findings.AssertNone(SourceTree.Source.SelectMany(f => f.Matches(LockOnThis())));

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"\bThread\.Sleep\(")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\b(Task\.Run|Task\.Factory\.StartNew|new Thread)\(")]
    private static partial Regex NewTask();

    [GeneratedRegex(@"\bnew (Lock|object|SemaphoreSlim|Mutex|SpinLock|ReaderWriterLockSlim)\("
        + @"|\b(Lock|object|SemaphoreSlim) \w+ (\{.*\} )?= new\(")]
    private static partial Regex NewLock();

    [GeneratedRegex(@"\block \((this|typeof)\b")]
    private static partial Regex LockOnThis();
}
