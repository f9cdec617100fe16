namespace Levada.Storage;

/// <summary>
/// Walks along a queue's runs of one kind, with a block in memory and one ahead. Owned by the turn. Every record is
/// checked once, when the walk comes to it; all records of the run before the one it stands on are below the sequence
/// that was last sought.
/// </summary>
internal sealed class RunReader(BlockReads reads, QueueMessages queue, RunList runs)
{
    private readonly BlockReader _blocks = new(reads, queue);
    private BlockReader? _bodies;
    private Run? _run;
    private int _block;
    private int _aheadOf = -1;
    private long _offset;
    private long _checkedAt = -1;
    private ulong _sought;

    /// <summary>The sequence it stands on; after damage the first one that is lost.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>After damage: the last sequence that is lost.</summary>
    public ulong DamagedLast { get; private set; }

    /// <summary>The run it stands in.</summary>
    public Run Run => _run!;

    /// <summary>Goes to the lowest live message from a sequence on.</summary>
    public ReadResult Seek(ulong from)
    {
        for (int i = runs.IndexAtOrAfter(from); i < runs.Count; i++)
        {
            // One that is live only below, where a consumer holds it, is not walked again and again.
            if (runs[i].Live == 0 || (runs[i] != _run && runs[i].CountLive(from, runs[i].Last) == 0))
                continue;
            ReadResult result = SeekIn(i, Math.Max(from, runs[i].SettledBelow));
            if (result != ReadResult.Empty)
                return result;
        }

        return ReadResult.Empty;
    }

    /// <summary>The message it stands on, right after <see cref="Seek"/> found it.</summary>
    public ReadResult Read(out ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> rest = _blocks.Rest(_run!.Segment, _offset);
        ReadOnlySpan<byte> record = rest[..SegmentFormat.RecordLength(rest)];
        if (SegmentFormat.IsReference(record))
            return ReadShared(_run.Segment, SegmentFormat.ReferencedOffset(record), out message);
        message = record[SegmentFormat.RecordHeaderBytes..];
        return ReadResult.Found;
    }

    /// <summary>A run is gone; if it stands there it must look for its place anew.</summary>
    public void Forget(Run run)
    {
        if (_run == run)
            _run = null;
    }

    public void Close()
    {
        _blocks.Close();
        _bodies?.Close();
    }

    private ReadResult SeekIn(int index, ulong from)
    {
        Run run = runs[index];
        if (run != _run || from < _sought || (_block < run.Blocks.Length && run.Blocks[_block].Sequence <= from))
        {
            _run = run;
            (_block, _offset, _) = run.BlockOf(from);
            _checkedAt = -1;
        }

        _sought = from;
        while (_offset < run.Offset + run.Length)
        {
            if (_offset == run.BlockStartOffset(_block + 1))
                _block++;
            if (!_blocks.TryRead(run.Segment, _offset, SegmentFormat.RecordHeaderBytes, out ReadOnlySpan<byte> head))
                return LoadBlock(run);
            LoadAhead(index);
            if (_checkedAt != _offset && !IsWhole(run, head))
            {
                if (Damage(run, from) == ReadResult.Damaged)
                    return ReadResult.Damaged;
                continue;
            }

            _checkedAt = _offset;
            Sequence = SegmentFormat.Sequence(head);
            if (Sequence >= from && !run.IsSettled(Sequence))
                return ReadResult.Found;
            _offset += SegmentFormat.RecordLength(head);
        }

        return ReadResult.Empty;
    }

    private ReadResult LoadBlock(Run run)
    {
        long start = run.BlockStartOffset(_block);
        _blocks.Load(run.Segment, start, (int)(run.BlockStartOffset(_block + 1) - start));
        _aheadOf = -1;
        return ReadResult.Loading;
    }

    private void LoadAhead(int index)
    {
        if (_aheadOf == _block || !queue.IsReadInOrder)
            return;
        Run run = runs[index];
        int block = _block + 1;
        if (block > run.Blocks.Length)
        {
            if (index + 1 == runs.Count)
                return;
            run = runs[index + 1];
            block = 0;
        }

        long start = run.BlockStartOffset(block);
        if (_blocks.TryLoadAhead(run.Segment, start, (int)(run.BlockStartOffset(block + 1) - start)))
            _aheadOf = _block;
    }

    private bool IsWhole(Run run, ReadOnlySpan<byte> head)
    {
        int length = SegmentFormat.RecordLength(head);
        return length > 0 && _blocks.TryRead(run.Segment, _offset, length, out ReadOnlySpan<byte> record)
            && SegmentFormat.IsWhole(record)
            && SegmentFormat.Sequence(record) >= run.First && SegmentFormat.Sequence(record) <= run.Last;
    }

    /// <summary>
    /// The record here is bad. Goes on to the next good one: behind it if its length is right, else at the next block.
    /// What lies between the sequence sought and that one is lost; Empty if that is nothing.
    /// </summary>
    private ReadResult Damage(Run run, ulong from)
    {
        long next = run.BlockStartOffset(_block + 1);
        ulong nextSequence = _block < run.Blocks.Length ? run.Blocks[_block].Sequence : run.Last + 1;
        if (_blocks.TryRead(run.Segment, _offset, SegmentFormat.RecordHeaderBytes, out ReadOnlySpan<byte> head)
            && SegmentFormat.RecordLength(head) is > 0 and int length
            && _blocks.TryRead(
                run.Segment, _offset + length, SegmentFormat.RecordHeaderBytes, out ReadOnlySpan<byte> after)
            && SegmentFormat.RecordLength(after) is > 0 and int afterLength
            && _blocks.TryRead(run.Segment, _offset + length, afterLength, out ReadOnlySpan<byte> record)
            && SegmentFormat.IsWhole(record))
        {
            next = _offset + length;
            nextSequence = SegmentFormat.Sequence(record);
        }

        _offset = next;
        if (nextSequence <= from || run.CountLive(from, nextSequence - 1) == 0)
            return ReadResult.Empty;
        Sequence = from;
        DamagedLast = nextSequence - 1;
        return ReadResult.Damaged;
    }

    private ReadResult ReadShared(Segment segment, long offset, out ReadOnlySpan<byte> message)
    {
        message = default;
        _bodies ??= new BlockReader(reads, queue);
        if (!_bodies.TryRead(segment, offset, SegmentFormat.RecordHeaderBytes, out ReadOnlySpan<byte> head))
        {
            _bodies.Load(segment, offset, (int)Math.Min(reads.BlockBytes, segment.Length - offset));
            return ReadResult.Loading;
        }

        int length = SegmentFormat.RecordLength(head);
        bool possible = length > 0 && length <= segment.Length - offset;
        if (possible && !_bodies.TryRead(segment, offset, length, out _))
        {
            _bodies.Load(segment, offset, length);
            return ReadResult.Loading;
        }

        if (!possible || !_bodies.TryRead(segment, offset, length, out ReadOnlySpan<byte> record)
            || !SegmentFormat.IsWhole(record) || SegmentFormat.IsReference(record))
        {
            DamagedLast = Sequence;
            return ReadResult.Damaged;
        }

        message = record[SegmentFormat.RecordHeaderBytes..];
        return ReadResult.Found;
    }
}
