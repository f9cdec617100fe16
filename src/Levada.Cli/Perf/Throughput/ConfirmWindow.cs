namespace Levada.Cli.Perf.Throughput;

/// <summary>
/// Which publishes of a channel are not confirmed yet, and when they were sent. The broker may confirm in any order,
/// one by one or all up to a tag. Owned by the publisher's thread.
/// </summary>
internal sealed class ConfirmWindow(LatencyHistogram latency)
{
    // Send times by tag modulo length, 0 for a confirmed one. Doubles if one early tag stays open for very long.
    private long[] _sent = new long[1024];
    private ulong _oldest = 1;
    private ulong _next = 1;

    /// <summary>Publishes that are neither confirmed nor refused.</summary>
    public int Open { get; private set; }

    public long Nacked { get; private set; }

    /// <summary>The next publish goes out.</summary>
    public void Add(long nanoseconds)
    {
        if (_next - _oldest == (ulong)_sent.Length) Grow();
        Slot(_next++) = nanoseconds;
        Open++;
    }

    public void Settle(ulong tag, bool multiple, bool nack, long now)
    {
        // Tag 0 with multiple is everything; a tag that was never sent is the broker's fault and settles nothing more.
        if (tag >= _next || (multiple && tag == 0)) tag = _next - 1;
        for (var settled = multiple ? _oldest : Math.Max(tag, _oldest); settled <= tag; settled++)
        {
            ref var sent = ref Slot(settled);
            if (sent == 0) continue;
            if (nack) Nacked++;
            else latency.Record(now - sent);
            sent = 0;
            Open--;
        }
        while (_oldest < _next && Slot(_oldest) == 0) _oldest++;
    }

    private ref long Slot(ulong tag) => ref _sent[tag & (ulong)(_sent.Length - 1)];

    private void Grow()
    {
        var old = _sent;
        _sent = new long[old.Length * 2];
        for (var tag = _oldest; tag < _next; tag++) Slot(tag) = old[tag & (ulong)(old.Length - 1)];
    }
}
