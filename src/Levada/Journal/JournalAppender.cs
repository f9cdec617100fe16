using System.Diagnostics;
using System.Runtime.InteropServices;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Journal;

/// <summary>
/// Lays records behind each other in the window's chunks, and hands each turn's groups to the flusher. Owned by the
/// turn. Every turn makes groups of its own, so that a record's place in the file is known when it is appended.
/// </summary>
internal sealed class JournalAppender(
    StoreOptions options, ShardId shard, string folder, JournalWindow window, GroupCommit commit)
{
    /// <summary>A group is closed at this size, within a turn, so that one bad length costs no more.</summary>
    private const int GroupBytesMax = 16 << 20;

    private readonly List<JournalPiece> _pieces = [];
    private JournalFile? _file;
    private JournalChunk? _chunk;
    private JournalChunk? _groupChunk;
    private int _groupAt;
    private long _groupFirstIndex;
    private long _groupBytes;
    private int _recordAt;
    private int _recordBytes;
    private RecordKind _recordKind;
    private uint _fileTag;

    /// <summary>The index that the next record gets.</summary>
    public long NextIndex { get; set; } = 1;

    /// <summary>The number that the next file gets.</summary>
    public long NextFileNumber { get; set; } = 1;

    /// <summary>The file that will be taken next, already on disk; null while there is none.</summary>
    public JournalFile? Spare { get; set; }

    /// <summary>The next file is being made, with the number that was the next when that began.</summary>
    public bool IsSparePending { get; set; }

    /// <summary>The next file should be there before it is needed.</summary>
    public bool WantsSpare => Spare is null && Position > options.JournalFileBytes / 2;

    /// <summary>The file being filled; null before the first durable record.</summary>
    public JournalFile? Current => _file;

    /// <summary>The durable index that the newest group tells.</summary>
    public long ToldDurableIndex { get; private set; }

    /// <summary>Bytes of the current file in use.</summary>
    public long Position => _chunk is null ? 0 : _chunk.Base + _chunk.Used;

    /// <summary>
    /// Makes room for a record; its payload is filled in by the caller before <see cref="EndRecord"/>.
    /// </summary>
    public Span<byte> BeginRecord(RecordKind kind, int payloadBytes)
    {
        int length = checked(RecordFormat.HeaderBytes + payloadBytes);
        if (_groupChunk is not null && (Position + length > options.JournalFileBytes || _groupBytes > GroupBytesMax))
            CloseGroup();
        if (_groupChunk is null)
            OpenGroup(length);
        if (_chunk!.Bytes.Length - _chunk.Used < length)
            _chunk = window.NewChunk(_file!, Position, length);
        _recordAt = _chunk.Used;
        _recordBytes = length;
        _recordKind = kind;
        return _chunk.Bytes.AsSpan(_recordAt + RecordFormat.HeaderBytes, payloadBytes);
    }

    /// <summary>Seals the record begun last; from now on it is part of the journal.</summary>
    public Location EndRecord()
    {
        JournalChunk chunk = _chunk!;
        RecordFormat.Seal(
            chunk.Bytes.AsSpan(_recordAt, _recordBytes), _recordKind, NextIndex, options.Epoch);
        NextIndex++;
        chunk.Used += _recordBytes;
        _groupBytes += _recordBytes;
        return Location.InJournal(_file!.Number, chunk.Base + _recordAt);
    }

    /// <summary>Closes the turn's group and hands it over.</summary>
    /// <returns>The index of the last record; 0 if the turn appended none.</returns>
    public long EndTurn(bool somebodyWaits)
    {
        if (_groupChunk is null)
            return 0;
        CloseGroup();
        int first = window.Chunks.Count;
        while (first > 0 && !window.Chunks[first - 1].IsHanded)
            first--;
        for (int i = first; i < window.Chunks.Count; i++)
        {
            JournalChunk chunk = window.Chunks[i];
            if (chunk.Used == 0)
                continue;
            _pieces.Add(new JournalPiece(chunk, chunk.Handed, chunk.Used));
            chunk.Handed = chunk.Used;
        }

        commit.Add(CollectionsMarshal.AsSpan(_pieces), NextIndex - 1, somebodyWaits);
        _pieces.Clear();
        return NextIndex - 1;
    }

    /// <summary>When nothing followed the last commit: a group without records that tells of it.</summary>
    public void TellDurableIndex()
    {
        if (_groupChunk is not null || _file is null || ToldDurableIndex == commit.DurableIndex)
            return;
        OpenGroup(0);
        EndTurn(somebodyWaits: true);
    }

    /// <summary>The next record begins a new file. Between turns' groups only.</summary>
    public void EndFile()
    {
        if (_groupChunk is not null)
            throw new InvalidOperationException("a file does not end within a group");
        if (_file is null)
            return;
        _file.LastIndex = NextIndex - 1;
        _file.End = Position;
        _file = null;
        _chunk = null;
    }

    private void OpenGroup(int recordBytes)
    {
        int needed = GroupHeader.Bytes + recordBytes;
        if (_file is null
            || (Position > JournalFileHeader.Bytes && Position + needed > options.JournalFileBytes))
            StartFile(needed);
        if (_chunk!.Bytes.Length - _chunk.Used < needed)
            _chunk = window.NewChunk(_file!, Position, needed);
        Debug.Assert(Position % GroupHeader.Alignment == 0, "groups stand on boundaries");
        _groupChunk = _chunk;
        _groupAt = _chunk.Used;
        _groupFirstIndex = NextIndex;
        _groupBytes = 0;
        _chunk.Used += GroupHeader.Bytes;
    }

    private void CloseGroup()
    {
        ToldDurableIndex = commit.DurableIndex;
        new GroupHeader(
            (int)_groupBytes, (uint)_file!.Number, options.Epoch, _fileTag, _groupFirstIndex, ToldDurableIndex)
            .Write(_groupChunk!.Bytes.AsSpan(_groupAt));
        _groupChunk = null;
        long end = GroupHeader.Align(Position);
        int padding = (int)(end - Position);
        if (_chunk!.Bytes.Length - _chunk.Used < padding)
        {
            _chunk = window.NewChunk(_file, end, 0);
            return;
        }

        _chunk.Bytes.AsSpan(_chunk.Used, padding).Clear();
        _chunk.Used += padding;
    }

    private void StartFile(int neededBytes)
    {
        EndFile();
        if (Spare is null && IsSparePending)
            NextFileNumber++;
        JournalFile next = Spare
            ?? new JournalFile(NextFileNumber, Path.Combine(folder, JournalFile.NameOf(NextFileNumber)));
        Debug.Assert(next.Number == NextFileNumber, "the spare file has the next number");
        Spare = null;
        NextFileNumber++;
        next.FirstIndex = NextIndex;
        _file = next;
        window.Files.Add(next);
        _chunk = window.NewChunk(next, 0, JournalFileHeader.Bytes + neededBytes);
        _fileTag = (uint)options.Random.NextInt64();
        new JournalFileHeader(shard.Value, options.Epoch, _fileTag, next.Number, NextIndex).Write(_chunk.Bytes);
        _chunk.Used = JournalFileHeader.Bytes;
    }
}
