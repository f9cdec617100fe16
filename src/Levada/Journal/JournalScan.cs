using Levada.Platform;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Journal;

/// <summary>
/// Reads the journal's files at a start. A bad place above every durable index recorded later is a tail that was never
/// reported durable: it and all that follows is cut. A bad place below one is damage: what is whole is kept.
/// One thread, before the first turn.
/// </summary>
internal sealed class JournalScan
{
    private const int BufferBytes = 1 << 20;

    /// <summary>How much of a file without a header is searched for groups.</summary>
    private const int HeaderlessBytesMax = 4 << 20;

    private readonly FileScan _scan = new(BufferBytes);
    private readonly List<Found> _files = [];
    private readonly List<Damage> _damages = [];
    private readonly List<FilePart> _torn = [];
    private readonly List<(string Path, long FirstIndex)> _headless = [];

    /// <summary>One record, in the order of the journal. The bytes are valid during the call.</summary>
    public delegate void RecordHandler(JournalFile file, long offset, ReadOnlySpan<byte> record);

    /// <summary>Durable records are lost here: an open transaction may not see its commit.</summary>
    public Action? Gap { get; set; }

    /// <summary>The files in use, oldest first.</summary>
    public IEnumerable<JournalFile> Files => _files.Select(found => found.File);

    /// <summary>Files that hold nothing that counts: prepared, or older than the checkpoint.</summary>
    public List<string> LeftOver { get; } = [];

    public IReadOnlyList<Damage> Damages => _damages;

    /// <summary>The index after the last record that counts.</summary>
    public long NextIndex { get; private set; }

    public long HighestFileNumber { get; private set; }

    /// <summary>Everything up to here was durable.</summary>
    public long DurableIndex { get; private set; }

    /// <summary>Bytes of records that were cut.</summary>
    public long TornBytes { get; private set; }

    /// <summary>Where these are.</summary>
    public IReadOnlyList<FilePart> Torn => _torn;

    /// <summary>The epoch of the newest file.</summary>
    public uint LastEpoch => _files.Count == 0 ? 0 : _files[^1].Header.Epoch;

    /// <summary>Finds the files and how far the journal was durable.</summary>
    /// <param name="folder">The shard's folder.</param>
    /// <param name="shard">The shard that must have written them.</param>
    /// <param name="firstFile">Older ones are behind the checkpoint.</param>
    /// <param name="firstIndex">The index of the first record after the checkpoint's file.</param>
    /// <param name="durableIndex">What the checkpoint knows to be durable.</param>
    /// <exception cref="InvalidDataException">The files are another shard's, or of a later version.</exception>
    public void Open(ShardFolder folder, ShardId shard, long firstFile, long firstIndex, long durableIndex)
    {
        NextIndex = firstIndex;
        DurableIndex = durableIndex;
        var numbers = new List<long>();
        foreach (string name in folder.Disk.List(folder.Path))
        {
            if (JournalFile.TryParseName(name, out long number))
                numbers.Add(number);
        }

        numbers.Sort();
        foreach (long number in numbers)
        {
            string path = folder.PathOf(JournalFile.NameOf(number));
            if (number < firstFile || !TryOpen(folder.Disk, shard, number, path))
                LeftOver.Add(path);
            else
                HighestFileNumber = number;
        }

        // A start that cut a tail went on in a new file with the index at which it cut.
        long limit = long.MaxValue;
        for (int i = _files.Count - 1; i >= 0; i--)
        {
            _files[i] = _files[i] with { Limit = limit };
            limit = Math.Min(limit, _files[i].Header.FirstIndex);
        }

        foreach (Found found in _files)
        {
            long offset = JournalFileHeader.Bytes;
            _scan.Open(found.File.Handle);
            while (NextGroup(found, ref offset, out GroupHeader group))
            {
                DurableIndex = Math.Max(DurableIndex, group.DurableIndex);
                offset = GroupHeader.Align(offset + GroupHeader.Bytes + group.ContentBytes);
            }
        }

        foreach ((string path, long first) in _headless.Where(file => file.FirstIndex <= DurableIndex))
            _damages.Add(new Damage(null, 0, $"{path}: its header is damaged; its records are read all the same")
            {
                Part = new FilePart(path, 0, JournalFileHeader.Bytes),
            });
    }

    /// <summary>Goes through all records that count.</summary>
    public void Run(RecordHandler handler)
    {
        bool cut = false;
        foreach (Found found in _files)
        {
            long offset = JournalFileHeader.Bytes;
            _scan.Open(found.File.Handle);
            while (NextGroup(found, ref offset, out GroupHeader group))
            {
                if (group.FirstIndex >= found.Limit)
                    break;
                cut = cut || !Reach(found.File, group.FirstIndex);
                if (cut)
                    Cut(found.File, offset + GroupHeader.Bytes, group.ContentBytes);
                else
                    cut = !ReadGroup(found, offset, group, handler);
                offset = GroupHeader.Align(offset + GroupHeader.Bytes + group.ContentBytes);
            }

            found.File.LastIndex = NextIndex - 1;
            found.File.End = found.File.Handle.Length;
        }

        if (!cut)
            Reach(null, DurableIndex + 1);
    }

    private bool TryOpen(IDisk disk, ShardId shard, long number, string path)
    {
        IDiskFile handle = disk.Open(path, DiskOpenMode.Existing);
        _scan.Open(handle);
        bool whole = JournalFileHeader.TryRead(
            _scan.Read(0, JournalFileHeader.Bytes, JournalFileHeader.Bytes), out JournalFileHeader header);
        if (whole && header.FileNumber == number && header.Shard != shard.Value)
        {
            handle.Dispose();
            throw new InvalidDataException($"{path} belongs to shard {header.Shard}, not to shard {shard}");
        }

        if (!whole || header.FileNumber != number)
        {
            // A damaged header must not hide what stands behind it.
            if (!TryFindGroup(number, out GroupHeader group))
            {
                handle.Dispose();
                return false;
            }

            header = new JournalFileHeader(shard.Value, group.Epoch, group.Tag, number, group.FirstIndex);
            _headless.Add((path, group.FirstIndex));
        }

        var file = new JournalFile(number, path) { FirstIndex = header.FirstIndex };
        file.Attach(handle);
        _files.Add(new Found(file, header, long.MaxValue));
        return true;
    }

    private bool TryFindGroup(long number, out GroupHeader group)
    {
        for (long offset = JournalFileHeader.Bytes; offset < HeaderlessBytesMax; offset += GroupHeader.Alignment)
        {
            if (GroupHeader.TryRead(_scan.Read(offset, GroupHeader.Bytes), out group)
                && group.FileNumber == (uint)number)
                return true;
        }

        group = default;
        return false;
    }

    /// <summary>
    /// The group at an offset or, if there is none, the next one that belongs to this use of the file.
    /// </summary>
    private bool NextGroup(Found found, ref long offset, out GroupHeader group)
    {
        for (; ; offset += GroupHeader.Alignment)
        {
            ReadOnlySpan<byte> bytes = _scan.Read(offset, GroupHeader.Bytes);
            if (bytes.Length < GroupHeader.Bytes)
            {
                group = default;
                return false;
            }

            if (GroupHeader.TryRead(bytes, out group) && group.FileNumber == (uint)found.Header.FileNumber
                && group.Tag == found.Header.Tag
                && group.Epoch == found.Header.Epoch && group.FirstIndex >= found.Header.FirstIndex)
                return true;
        }
    }

    /// <summary>What lies between the last record and this index is missing. False: there the journal is cut.</summary>
    private bool Reach(JournalFile? file, long index)
    {
        if (index == NextIndex)
            return true;
        if (index < NextIndex)
            return file is null;
        if (NextIndex > DurableIndex)
            return false;
        long missing = Math.Min(index, DurableIndex + 1) - NextIndex;
        string place = file?.Path ?? "the journal";
        _damages.Add(new Damage(
            null, missing, $"{place}: records {NextIndex} to {NextIndex + missing - 1} are missing")
        {
            Part = file is null ? null : new FilePart(file.Path, 0, 0),
        });
        Gap?.Invoke();
        NextIndex += missing;
        return NextIndex == index;
    }

    /// <summary>False: the journal is cut in this group.</summary>
    private bool ReadGroup(Found found, long start, in GroupHeader group, RecordHandler handler)
    {
        long offset = start + GroupHeader.Bytes;
        long end = offset + group.ContentBytes;
        while (offset < end && NextIndex < found.Limit)
        {
            int room = (int)(end - offset);
            int length = RecordFormat.Length(_scan.Read(offset, Math.Min(room, RecordFormat.HeaderBytes)));
            ReadOnlySpan<byte> record = length == 0 || length > room ? default : _scan.Read(offset, length);
            if (record.Length >= RecordFormat.HeaderBytes && record.Length == length && RecordFormat.IsWhole(record)
                && RecordFormat.Index(record) == NextIndex && RecordFormat.Epoch(record) == group.Epoch)
            {
                handler(found.File, offset, record);
                NextIndex++;
                offset += length;
                continue;
            }

            if (NextIndex > DurableIndex)
            {
                Cut(found.File, offset, end - offset);
                return false;
            }

            if (!TrySkip(found.File, ref offset, end, group.Epoch))
                return true;
        }

        return true;
    }

    /// <summary>
    /// Goes past one bad record if its length leads to the next one; else the rest of the group is lost.
    /// </summary>
    private bool TrySkip(JournalFile file, ref long offset, long end, uint epoch)
    {
        int length = RecordFormat.Length(_scan.Read(offset, (int)Math.Min(end - offset, RecordFormat.HeaderBytes)));
        long next = offset + length;
        if (length == 0 || next > end || (next < end && !IsRecord(next, end, NextIndex + 1, epoch)))
            return false;
        QueueId? queue = QueueNamedBy(_scan.Read(offset, length));
        _damages.Add(new Damage(queue, 1, $"{file.Path}: record {NextIndex} at byte {offset} is damaged")
        {
            Part = new FilePart(file.Path, offset, length),
        });
        Gap?.Invoke();
        NextIndex++;
        offset = next;
        return true;
    }

    private void Cut(JournalFile file, long offset, long bytes)
    {
        TornBytes += bytes;
        _torn.Add(new FilePart(file.Path, offset, bytes));
    }

    private bool IsRecord(long offset, long end, long index, uint epoch)
    {
        int room = (int)(end - offset);
        int length = RecordFormat.Length(_scan.Read(offset, Math.Min(room, RecordFormat.HeaderBytes)));
        if (length == 0 || length > room)
            return false;
        ReadOnlySpan<byte> record = _scan.Read(offset, length);
        return record.Length == length && RecordFormat.IsWhole(record) && RecordFormat.Index(record) == index
            && RecordFormat.Epoch(record) == epoch;
    }

    /// <summary>The queue that a damaged record seems to have been about: a hint for the log, no more.</summary>
    private static QueueId? QueueNamedBy(ReadOnlySpan<byte> record)
    {
        int at = RecordFormat.Kind(record) switch
        {
            RecordKind.Enqueue or RecordKind.Settle => RecordFormat.HeaderBytes + RecordFormat.CountBytes,
            RecordKind.Requeue or RecordKind.DropQueue => RecordFormat.HeaderBytes,
            _ => record.Length,
        };
        return record.Length >= at + sizeof(ulong)
            ? new QueueId(System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(record[at..]))
            : null;
    }

    private readonly record struct Found(JournalFile File, JournalFileHeader Header, long Limit);
}
