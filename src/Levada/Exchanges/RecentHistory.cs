using System.Buffers;
using Levada.Protocol;
using Levada.Storage;

namespace Levada.Exchanges;

/// <summary>
/// The last messages of an x-recent-history exchange, which a queue gets when it is bound: as many as
/// <c>x-recent-history-length</c> says, and no more bytes than the configuration allows, large bodies on the disk
/// included. In memory, forgotten with a restart. Used by every publisher's thread under a lock of its own, a leaf.
/// </summary>
internal sealed class RecentHistory
{
    public const string LengthArgument = "x-recent-history-length";

    private const int DefaultLength = 20;

    private readonly int _length;
    private readonly long _bytesMax;
    private readonly Lock _lock = new();

    // Under the lock, oldest first.
    private readonly Queue<Entry> _entries = [];
    private long _bytes;
    private bool _isClosed;

    /// <param name="arguments">The exchange's, checked.</param>
    /// <param name="bytesMax">Most bytes; a message larger than that is not kept.</param>
    public RecentHistory(FieldTable arguments, long bytesMax)
    {
        _length = arguments.TryGet(LengthArgument, out var length)
            ? (int)Math.Min(length.AsLong, int.MaxValue)
            : DefaultLength;
        _bytesMax = bytesMax;
    }

    /// <summary>What is remembered, large bodies on the disk included.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>False if the message asks by its header x-recent-history-no-store not to be kept.</summary>
    /// <param name="headers">The entries of the message's headers table.</param>
    public static bool Wants(ReadOnlySpan<byte> headers)
    {
        var wants = true;
        for (var reader = new FieldTableReader(headers); reader.Next();)
        {
            if (reader.Key.SequenceEqual("x-recent-history-no-store"u8))
                wants = reader.Type != FieldType.Boolean || reader.Value[0] == 0;
        }

        return wants;
    }

    /// <param name="head">Everything before the body.</param>
    /// <param name="body">The body, if it is not behind the head.</param>
    /// <param name="file">The body, if it is a file; held for as long as the message is kept.</param>
    public void Add(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, BodyFile? file)
    {
        var size = head.Length + body.Length;
        var cost = size + (file?.Length ?? 0);
        if (cost > _bytesMax)
            return;
        List<BodyFile>? files = null;
        lock (_lock)
        {
            if (_isClosed)
                return;
            while (_entries.Count == _length || _bytes + cost > _bytesMax)
                RemoveOldest(ref files);
            var message = ArrayPool<byte>.Shared.Rent(size);
            head.CopyTo(message);
            body.CopyTo(message.AsSpan(head.Length));
            file?.Hold();
            _entries.Enqueue(new Entry(message, size, cost, file));
            _bytes += cost;
        }

        Release(files);
    }

    /// <summary>Copies of the messages, oldest first. Their files are held for the caller, who releases them.</summary>
    public List<(byte[] Message, BodyFile? File)> Snapshot()
    {
        lock (_lock)
        {
            var copies = new List<(byte[], BodyFile?)>(_entries.Count);
            foreach (var entry in _entries)
            {
                entry.File?.Hold();
                copies.Add((entry.Message.AsSpan(0, entry.Size).ToArray(), entry.File));
            }

            return copies;
        }
    }

    /// <summary>The exchange is gone: keeps nothing any more.</summary>
    public void Close()
    {
        List<BodyFile>? files = null;
        lock (_lock)
        {
            _isClosed = true;
            while (_entries.Count > 0)
                RemoveOldest(ref files);
        }

        Release(files);
    }

    private void RemoveOldest(ref List<BodyFile>? files)
    {
        var oldest = _entries.Dequeue();
        _bytes -= oldest.Cost;
        ArrayPool<byte>.Shared.Return(oldest.Message);
        if (oldest.File is not null)
            (files ??= []).Add(oldest.File);
    }

    // Not under the lock: the last one to let go of a file has it deleted.
    private static void Release(List<BodyFile>? files)
    {
        if (files is null)
            return;
        foreach (var file in files)
            file.Release();
    }

    private readonly record struct Entry(byte[] Message, int Size, long Cost, BodyFile? File);
}
