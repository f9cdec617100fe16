using Levada.Metrics;

namespace Levada.Management.Metrics;

/// <summary>The way of messages: sockets, turns, the journal, and how long its steps take.</summary>
internal static class PathMetrics
{
    private const double Microsecond = 1e-6;

    public static void Write(MetricsText text, PathTotals p, PathTimings timings)
    {
        text.Counter("levada_socket_receives_total", "Receive calls that got bytes", p.SocketReceives);
        text.Counter("levada_socket_sends_total", "Send calls", p.SocketSends);
        text.Counter("levada_shard_turns_total", "Turns of all shards", p.Turns);
        text.Counter("levada_journal_syncs_total", "fdatasync calls on journals", p.JournalSyncs);
        text.Counter("levada_journal_written_bytes_total", "Bytes written to journals", p.JournalBytesWritten);
        text.Gauge("levada_body_files", "Bodies over 1 MiB, each a file", p.BodyFiles);
        text.Gauge("levada_body_file_bytes", "Bytes in these files", p.BodyFileBytes);
        WriteDisk(text, static name => $"rabbitmq_{name}", p, timings);
        text.Histogram(
            "levada_confirm_seconds", "From routing to confirm; of one post of publishes in sixteen",
            timings.Confirm, Microsecond);
        text.Histogram(
            "levada_queue_time_seconds", "From coming to being handed out or dropped; of one message of some turns",
            timings.InQueue, Microsecond);
        text.Histogram("levada_journal_sync_seconds", "Each fdatasync on a journal", timings.Sync, Microsecond);
        text.Histogram(
            "levada_journal_group_bytes", "Bytes that one fdatasync made durable", timings.SyncBytes, 1);
    }

    public static void WriteDisk(MetricsText text, Func<string, string> named, PathTotals p, PathTimings timings)
    {
        text.Counter(named("io_sync_ops_total"), "fdatasync calls on journals", p.JournalSyncs);
        text.Counter(
            named("io_sync_time_seconds_total"), "Time in these", timings.Sync.Sum * Microsecond);
        text.Counter(named("io_write_bytes_total"), "Bytes written to journals", p.JournalBytesWritten);
    }
}
