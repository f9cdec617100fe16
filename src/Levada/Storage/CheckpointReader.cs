using System.Buffers.Binary;
using Levada.Platform;
using Levada.Queues;

namespace Levada.Storage;

/// <summary>
/// Takes a checkpoint's content apart: gives the queues their runs, and finds the segments these are in. One thread,
/// before the first turn.
/// </summary>
internal sealed class CheckpointReader(
    MessageStore store, Func<ulong, QueueMessages?> queueOf, List<Damage> damages)
{
    private readonly Dictionary<long, Segment> _segments = [];
    private readonly Dictionary<(long Segment, long Offset), BlockStart[]> _blocks = [];
    private readonly Dictionary<Segment, string> _lost = [];
    private readonly Dictionary<QueueMessages, (ulong Next, ulong RedeliveredBelow)> _ends = [];
    private readonly List<(QueueMessages Queue, ulong Sequence, uint Mark, int BodyBytes)> _marks = [];
    private byte[] _content = [];
    private int _at;

    public void Read(byte[] content, int queues)
    {
        _content = content;
        for (int i = 0; i < queues; i++)
            ReadQueue();
        if (_at < content.Length)
            store.Arrivals.Restore(content.AsSpan(_at));
    }

    /// <summary>The queue's next sequence, and below which one it marked all as redelivered.</summary>
    public (ulong Next, ulong RedeliveredBelow) EndOf(QueueMessages queue) =>
        _ends.TryGetValue(queue, out (ulong, ulong) end) ? end : (queue.NextSequence, 0);

    /// <summary>After a clean stop, when the messages in the journal are known too.</summary>
    public void RestoreMarks()
    {
        foreach ((QueueMessages queue, ulong sequence, uint mark, int bodyBytes) in _marks)
            RestoreMark(queue, sequence, mark, bodyBytes);
    }

    /// <summary>
    /// After the replay: messages in lost segments are lost now, and files that nothing names are deleted.
    /// </summary>
    public void TakeOverSegments(long nextNumber)
    {
        foreach ((Segment segment, string fault) in _lost)
        {
            foreach (Run run in segment.Runs.ToList())
            {
                damages.Add(new Damage(run.Queue.Id, run.Live, $"{segment.Path}: {fault}"));
                run.Queue.LoseRun(run);
            }

            store.Segments.All.Remove(segment);
        }

        foreach (string name in store.Folder.Disk.List(store.Folder.Path))
        {
            bool isSegment = Segment.TryParseName(name, out long number);
            if (isSegment)
                nextNumber = Math.Max(nextNumber, number + 1);
            if ((isSegment && !_segments.ContainsKey(number)) || Segment.IsVolatileName(name))
                store.Folder.Disk.Delete(store.Folder.PathOf(name));
        }

        store.Segments.NextNumber = Math.Max(1, nextNumber);
        foreach (Segment segment in _segments.Values)
            store.Segments.GiveUpIfPossible(segment, 0);
    }

    private void ReadQueue()
    {
        QueueMessages? queue = queueOf(U64());
        long index = (long)U64();
        (ulong Next, ulong RedeliveredBelow) end = (U64(), U64());
        QueueMessages? lowest = queue;
        queue = queue?.Of(end.Next);
        uint runsAndFlag = U32();
        int runs = (int)(runsAndFlag & ~QueueMessages.HasExpiringBit);
        int marks = (int)U32();
        for (int i = 0; i < runs; i++)
            ReadRun(queue);
        for (int i = 0; i < marks; i++)
        {
            ulong sequence = U64();
            uint mark = U32();
            int bodyBytes = (int)U32();
            if (queue is null)
                continue;
            _marks.Add((queue, sequence, mark, bodyBytes));
            RestoreMark(queue, sequence, mark, bodyBytes);
        }

        int bodies = (int)U32();
        for (int i = 0; i < bodies; i++)
        {
            ulong sequence = U64();
            BodyFile body = store.Bodies.Restore(U64(), U32());
            queue?.HoldBody(sequence, body);
        }

        if (queue is null)
            return;
        queue.CheckpointIndex = index;
        lowest!.HasExpiring |= (runsAndFlag & QueueMessages.HasExpiringBit) != 0;
        _ends.Add(queue, end);
    }

    private static void RestoreMark(QueueMessages queue, ulong sequence, uint mark, int bodyBytes)
    {
        (int count, bool redelivered) = QueueMessages.ReadMark(mark);
        queue.RestoreMark(sequence, count, redelivered, bodyBytes);
    }

    private void ReadRun(QueueMessages? queue)
    {
        long number = (long)U64();
        long offset = (long)U64();
        long length = (long)U64();
        ulong first = U64();
        ulong last = U64();
        int count = (int)U32();
        int live = (int)U32();
        long liveBytes = (long)U64();
        ulong settledBelow = U64();
        ulong[] bits = new ulong[U32()];
        for (int i = 0; i < bits.Length; i++)
            bits[i] = U64();
        if (queue is null)
            return;
        Segment segment = SegmentOf(number);
        var run = new Run
        {
            Segment = segment,
            Queue = queue,
            Offset = offset,
            Length = length,
            First = first,
            Last = last,
            Count = count,
            Blocks = _lost.ContainsKey(segment) ? [] : BlocksOf(segment, offset, length),
            Live = live,
            LiveBytes = liveBytes,
        };
        run.Restore(settledBelow, bits.Length == 0 ? null : bits);
        segment.Live += live;
        queue.RestoreRun(run);
    }

    private Segment SegmentOf(long number)
    {
        if (_segments.TryGetValue(number, out Segment? segment))
            return segment;
        segment = new Segment(
            store.Folder.Disk, number, store.Folder.PathOf(Segment.NameOf(number)), durable: true, null);
        _segments.Add(number, segment);
        store.Segments.Add(segment);
        if (Check(segment) is { } fault)
            _lost.Add(segment, fault);
        return segment;
    }

    /// <summary>
    /// What is wrong with a segment's file so that it cannot be used; null if nothing is. A file that is missing
    /// because all in it was settled later shows as that when the journal has been replayed.
    /// </summary>
    private string? Check(Segment segment)
    {
        if (!store.Folder.Disk.Exists(segment.Path))
            return "the file is missing";
        using IDiskFile file = store.Folder.Disk.Open(segment.Path, DiskOpenMode.Existing);
        byte[] header = new byte[SegmentFormat.HeaderBytes];
        int read = file.Read(0, header);
        if (SegmentFormat.CheckHeader(header.AsSpan(0, read), store.Id.Value, segment.Number) is { } fault)
            return fault;
        segment.Length = file.Length;
        ReadFooter(segment, file);
        return null;
    }

    private void ReadFooter(Segment segment, IDiskFile file)
    {
        byte[] trailer = new byte[SegmentFormat.TrailerBytes];
        if (file.Read(Math.Max(0, file.Length - trailer.Length), trailer) < trailer.Length
            || !SegmentFormat.TryReadTrailer(trailer, out long footerOffset, out int runs)
            || footerOffset > file.Length)
            return;
        byte[] footer = new byte[file.Length - footerOffset];
        if (file.Read(footerOffset, footer) < footer.Length || !SegmentFormat.IsFooterWhole(footer))
            return;
        segment.Length = footerOffset;
        ReadOnlySpan<byte> at = footer;
        for (int i = 0; i < runs; i++)
        {
            long offset = BinaryPrimitives.ReadInt64LittleEndian(at[24..]);
            segment.Count += BinaryPrimitives.ReadInt32LittleEndian(at[40..]);
            var blocks = new BlockStart[BinaryPrimitives.ReadInt32LittleEndian(at[44..])];
            at = at[SegmentFormat.RunBytes..];
            for (int block = 0; block < blocks.Length; block++)
            {
                blocks[block] = new BlockStart(
                    BinaryPrimitives.ReadUInt64LittleEndian(at), BinaryPrimitives.ReadInt64LittleEndian(at[8..]));
                at = at[SegmentFormat.BlockStartBytes..];
            }

            _blocks[(segment.Number, offset)] = blocks;
        }
    }

    private BlockStart[] BlocksOf(Segment segment, long offset, long length) =>
        _blocks.TryGetValue((segment.Number, offset), out BlockStart[]? blocks)
            ? blocks
            : FindBlocks(segment, offset, length);

    /// <summary>The footer is damaged: walks along the records, as far as they are whole.</summary>
    private BlockStart[] FindBlocks(Segment segment, long offset, long length)
    {
        var blocks = new List<BlockStart>();
        var scan = new FileScan(store.Options.ReadBlockBytes);
        using IDiskFile file = store.Folder.Disk.Open(segment.Path, DiskOpenMode.Existing);
        scan.Open(file);
        long end = offset + length;
        long blockAt = offset;
        for (long at = offset; at < end;)
        {
            int recordLength = SegmentFormat.RecordLength(scan.Read(at, SegmentFormat.RecordHeaderBytes));
            if (recordLength == 0 || at + recordLength > end)
                break;
            ReadOnlySpan<byte> record = scan.Read(at, recordLength);
            if (record.Length < recordLength || !SegmentFormat.IsWhole(record))
                break;
            if (at > offset && at + recordLength - blockAt > store.Options.ReadBlockBytes)
            {
                blockAt = at;
                blocks.Add(new BlockStart(SegmentFormat.Sequence(record), at));
            }

            segment.Count++;
            at += recordLength;
        }

        return [.. blocks];
    }

    private uint U32()
    {
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(_content.AsSpan(_at));
        _at += sizeof(uint);
        return value;
    }

    private ulong U64()
    {
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(_content.AsSpan(_at));
        _at += sizeof(ulong);
        return value;
    }
}
