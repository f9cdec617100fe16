using Levada.Amqp;
using Levada.Protocol;

namespace Levada.Tracing;

/// <summary>
/// What passes a connection, or one channel number of it, in both directions. All of it is guarded by the lock of the
/// connection's outbox: what goes out is handed to the socket under it anyway, so entries are in the order of the wire.
/// </summary>
public sealed class Trace
{
    // Of arguments and of properties; longer ones are very rare, and few of them would fill the ring.
    private const int PartMax = 16 * 1024;

    // A message that does not go on for so long is shown as far as it came.
    private const long StalledTicks = TimeSpan.TicksPerSecond;

    private readonly Lock _outboxLock;
    private readonly TimeProvider _time;
    private readonly Limit _ringLimit;
    private readonly TraceRing _ring;
    private readonly Dictionary<int, TracedContent> _contents = [];
    private TracedContent? _spare;
    private int _contentBytes;
    private string? _endedBecause;
    private long _endedMs;

    /// <param name="name">The connection's, or the channel's.</param>
    /// <param name="user">Who is logged in there; empty if nobody is yet.</param>
    /// <param name="request">What is asked for, within the limits.</param>
    /// <param name="outboxLock">The connection's.</param>
    /// <param name="time">Stamps entries.</param>
    /// <param name="ringLimit">Counts entries that made room for newer ones.</param>
    internal Trace(
        string name, string user, TraceRequest request, Lock outboxLock, TimeProvider time, Limit ringLimit)
    {
        (Name, User, Request, _outboxLock, _time, _ringLimit) = (name, user, request, outboxLock, time, ringLimit);
        _ring = new TraceRing(request.Bytes);
        StartedAt = time.GetUtcNow();
        UntilMs = Environment.TickCount64 + (long)request.Time.TotalMilliseconds;
    }

    public string Name { get; }

    public string User { get; }

    public TraceRequest Request { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>In <see cref="Environment.TickCount64"/> milliseconds.</summary>
    internal long UntilMs { get; }

    /// <summary>In the same milliseconds; 0 while it records. Any thread.</summary>
    internal long EndedMs => Volatile.Read(ref _endedMs);

    /// <summary>How much of the ring holds entries, and how large it is, in bytes. Any thread.</summary>
    public (int Used, int Capacity) Size
    {
        get
        {
            lock (_outboxLock)
                return (_ring.Used, _ring.Capacity);
        }
    }

    private int BodyMax => Math.Min(Request.BodyMax, _ring.Capacity / 4);

    /// <summary>
    /// The next entries after <paramref name="since"/>, or the newest ones if that is null. Any thread.
    /// </summary>
    public TraceReading Read(long? since, int most)
    {
        lock (_outboxLock)
        {
            WriteStalled(_time.GetUtcNow().UtcTicks - StalledTicks);
            var first = Math.Clamp(since + 1 ?? _ring.Next - most, _ring.First, _ring.Next);
            return new TraceReading(first, _ring.First, _ring.Next - 1, _endedBecause)
            {
                Records = _ring.Copy(first, most),
            };
        }
    }

    /// <summary>A whole frame, or what is none. Under the outbox lock.</summary>
    internal void Add(ReadOnlySpan<byte> frame, bool isOut)
    {
        var flags = isOut ? TraceFlags.Out : TraceFlags.None;
        var record = new TraceRecord { Ticks = _time.GetUtcNow().UtcTicks, Flags = flags, Kind = TraceKind.NoFrame };
        if (frame.Length < Frame.Overhead || frame[^1] != Frame.End)
        {
            record.BodySize = (ulong)frame.Length;
            record.Flags |= isOut ? TraceFlags.None : TraceFlags.Fault;
            Write(record, default);
            return;
        }
        var header = FrameHeader.Read(frame);
        if (Request.Channel is { } only && header.Channel != only)
            return;
        var payload = frame[Frame.HeaderSize..^1];
        record.Channel = header.Channel;
        switch (header.Type)
        {
            case Frame.Method when payload.Length >= sizeof(uint):
                AddMethod(record, payload);
                break;
            case Frame.Header when ContentHeader.TryRead(payload, out var content):
                AddHeader(record, content);
                break;
            case Frame.Body:
                AddBody(record, payload);
                break;
            case Frame.Heartbeat:
                Write(record with { Kind = TraceKind.Heartbeat }, default);
                break;
            default:
                Write(record with { Flags = flags | TraceFlags.Fault, BodySize = (ulong)payload.Length }, default);
                break;
        }
    }

    /// <summary>Records no more. Under the outbox lock.</summary>
    /// <param name="because">In words.</param>
    /// <param name="isFault">The client will ask what went wrong.</param>
    internal void End(string because, bool isFault)
    {
        if (_endedBecause is not null)
            return;
        WriteAll();
        _endedBecause = because;
        var text = System.Text.Encoding.UTF8.GetBytes(because);
        Write(
            new TraceRecord
            {
                Ticks = _time.GetUtcNow().UtcTicks,
                Kind = TraceKind.End,
                Flags = TraceFlags.Out | (isFault ? TraceFlags.Fault : TraceFlags.None),
                MethodLength = text.Length,
            },
            text);
        Volatile.Write(ref _endedMs, Environment.TickCount64);
    }

    private void AddMethod(TraceRecord record, ReadOnlySpan<byte> payload)
    {
        var method = Connection.FrameMethod(payload);
        if (TraceSecrets.Has(method))
        {
            var masked = payload.ToArray();
            TraceSecrets.Clear(method, masked.AsSpan(sizeof(uint)));
            payload = masked;
        }
        if (payload.Length > PartMax)
        {
            payload = payload[..PartMax];
            record.Flags |= TraceFlags.MethodCut;
        }
        record.Kind = TraceKind.Method;
        var key = Key(record);
        // A method where a header or a body should be: that message never gets whole.
        if (_contents.Remove(key, out var unfinished))
            Finish(unfinished);
        if (!MethodArguments.HasContent(method))
        {
            record.MethodLength = payload.Length;
            Write(record, payload);
            return;
        }
        var content = _spare ?? new TracedContent();
        _spare = null;
        content.Begin(record, payload);
        _contents.Add(key, content);
        _contentBytes += content.Held;
        // Very many that were begun and do not go on must not hold more than the ring.
        if (_contentBytes > _ring.Capacity)
            WriteAll();
    }

    private void AddHeader(TraceRecord record, ContentHeader header)
    {
        if (!_contents.TryGetValue(Key(record), out var content) || content.HasHeader)
        {
            var stray = new TracedContent();
            stray.Begin(record with { Kind = TraceKind.Content }, default);
            stray.AddHeader(header, PartMax);
            Write(stray.Record, stray.Kept);
            return;
        }
        _contentBytes -= content.Held;
        content.AddHeader(header, PartMax);
        _contentBytes += content.Held;
        GoOn(record, content);
    }

    private void AddBody(TraceRecord record, ReadOnlySpan<byte> payload)
    {
        if (!_contents.TryGetValue(Key(record), out var content) || !content.HasHeader)
        {
            Write(record with { Kind = TraceKind.Content, BodySize = (ulong)payload.Length }, default);
            return;
        }
        _contentBytes -= content.Held;
        content.AddBody(payload, BodyMax);
        _contentBytes += content.Held;
        GoOn(record, content);
    }

    private void GoOn(TraceRecord record, TracedContent content)
    {
        if (!content.IsWhole(BodyMax))
            return;
        if (!content.IsWritten)
            WriteContent(content);
        if (content.Remaining > 0)
            return;
        _contents.Remove(Key(record));
        Finish(content);
    }

    // It is in no list any more: into the ring as far as it came, and free for the next message.
    private void Finish(TracedContent content)
    {
        if (!content.IsWritten)
            WriteContent(content);
        _contentBytes -= content.Held;
        _spare = content;
    }

    // As far as they came. Of those with a header the rest of the body is only counted.
    private void WriteStalled(long begunBefore)
    {
        foreach (var (key, content) in _contents)
        {
            if (content.Record.Ticks > begunBefore || content.IsWritten)
                continue;
            if (content.HasHeader)
            {
                WriteContent(content);
                continue;
            }
            _contents.Remove(key);
            Finish(content);
        }
    }

    private void WriteAll()
    {
        foreach (var content in _contents.Values)
            Finish(content);
        _contents.Clear();
    }

    private void WriteContent(TracedContent content)
    {
        Write(content.Record, content.Kept);
        content.Written();
    }

    private void Write(TraceRecord record, ReadOnlySpan<byte> payload)
    {
        for (var dropped = _ring.Add(record, payload); dropped > 0; dropped--)
            _ringLimit.CountRefused();
    }

    private static int Key(TraceRecord record) =>
        record.Channel | (record.Has(TraceFlags.Out) ? 1 << 16 : 0);
}
