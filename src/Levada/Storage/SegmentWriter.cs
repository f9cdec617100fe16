using System.Buffers.Binary;
using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// Writes messages to one segment, queue by queue. Used by one disk thread at a time. Space is reserved before it is
/// written, so a full disk shows before anything depends on it.
/// </summary>
internal sealed class SegmentWriter : IDisposable
{
    private const long AllocateBytes = 4 << 20;

    /// <summary>A longer gap between two sequences begins a new run: cheaper than the bitmap of the gap.</summary>
    private const ulong GapMax = 1024;

    /// <summary>More than this would make installing it a long turn.</summary>
    private const int RunMessagesMax = 50_000;

    private readonly IDiskFile _file;
    private readonly StoreOptions _options;
    private readonly CopyBuffers _buffers;
    private readonly List<ulong> _sequences;
    private readonly List<BlockStart> _blocks;
    private readonly Dictionary<(object, long), long> _shared = [];
    private byte[] _buffer = [];
    private int _buffered;
    private long _bufferAt;
    private long _allocated;
    private QueueMessages? _queue;
    private long _runAt;
    private long _blockAt;

    public SegmentWriter(Segment segment, IDiskFile file, StoreOptions options, CopyBuffers buffers, int shard)
    {
        Segment = segment;
        _file = file;
        _options = options;
        _buffers = buffers;
        _sequences = buffers.Sequences;
        _blocks = buffers.Blocks;
        _bufferAt = _allocated = segment.Length;
        if (segment.Length > 0)
            return;
        SegmentFormat.WriteHeader(Room(SegmentFormat.HeaderBytes), shard, segment.Number);
        _buffered = SegmentFormat.HeaderBytes;
    }

    public Segment Segment { get; }

    /// <summary>The runs that are complete, not installed yet.</summary>
    public List<Run> Runs { get; } = [];

    /// <summary>Where the next record goes.</summary>
    public long Position => _bufferAt + _buffered;

    /// <summary>The messages that follow are this queue's; goes on with its run if they were before.</summary>
    public void Begin(QueueMessages queue)
    {
        if (_queue == queue)
            return;
        EndRun();
        _queue = queue;
    }

    /// <summary>The messages that follow are a run of their own.</summary>
    public void BeginRun(QueueMessages queue)
    {
        EndRun();
        _queue = queue;
    }

    /// <summary>Forgets the run that was being written; its records stay in the file unused.</summary>
    public void DiscardRun()
    {
        _sequences.Clear();
        _blocks.Clear();
    }

    /// <summary>Adds a message with a higher sequence than the queue's last one.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="message">Its bytes.</param>
    /// <param name="shared">If not null: names the bytes, which are kept once in this file.</param>
    /// <param name="splitAtGaps">A long gap begins a new run, and so do very many messages.</param>
    public void Append(ulong sequence, ReadOnlySpan<byte> message, (object, long)? shared, bool splitAtGaps)
    {
        if (splitAtGaps && _sequences.Count > 0
            && (sequence - _sequences[^1] > GapMax || _sequences.Count == RunMessagesMax))
            EndRun();
        bool isReference = false;
        long sharedAt = 0;
        if (shared is { } name)
            isReference = _shared.TryGetValue(name, out sharedAt);
        int length = isReference ? SegmentFormat.ReferenceBytes : SegmentFormat.RecordHeaderBytes + message.Length;
        StartBlock(sequence, length);
        Span<byte> room = Room(length);
        if (isReference)
            SegmentFormat.WriteReference(room, sequence, sharedAt);
        else
            SegmentFormat.WriteRecord(room, sequence, message);
        if (shared is { } key && !isReference)
            _shared.Add(key, Position);
        _buffered += length;
        _sequences.Add(sequence);
    }

    /// <summary>Writes what is buffered and gives the buffer back; the runs may be installed after this.</summary>
    public void Flush()
    {
        EndRun();
        _shared.Clear();
        WriteBuffer();
        Segment.Length = Position;
        _buffers.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Ends a durable segment: its footer, its true length, and everything on the disk.</summary>
    public void Finish()
    {
        Flush();
        byte[] footer = Footer();
        Allocate(Position + footer.Length);
        _file.Write(Position, footer);
        _file.SetLength(Position + footer.Length);
        _file.Sync();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>What was added so far is a run.</summary>
    public void EndRun()
    {
        if (_sequences.Count > 0)
        {
            var run = new Run
            {
                Segment = Segment,
                Queue = _queue!,
                Offset = _runAt,
                Length = Position - _runAt,
                First = _sequences[0],
                Last = _sequences[^1],
                Count = _sequences.Count,
                Blocks = [.. _blocks],
                Live = _sequences.Count,
            };
            run.Restore(run.First, Holes(run));
            Runs.Add(run);
        }

        _sequences.Clear();
        _blocks.Clear();
    }

    /// <summary>One bit for every sequence of the run's range that is not in it; null if all are.</summary>
    private ulong[]? Holes(Run run)
    {
        ulong range = run.Last - run.First + 1;
        if (range == (ulong)run.Count)
            return null;
        ulong[] bits = new ulong[(range + 63) / 64];
        Array.Fill(bits, ulong.MaxValue);
        foreach (ulong sequence in _sequences)
            bits[(sequence - run.First) / 64] &= ~(1ul << (int)((sequence - run.First) % 64));
        return bits;
    }

    private void StartBlock(ulong sequence, int length)
    {
        if (_sequences.Count == 0)
        {
            _runAt = _blockAt = Position;
        }
        else if (Position + length - _blockAt > _options.ReadBlockBytes)
        {
            _blockAt = Position;
            _blocks.Add(new BlockStart(sequence, Position));
        }
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _buffered < bytes)
        {
            WriteBuffer();
            if (_buffer.Length == 0)
                _buffer = _buffers.Rent();
            if (_buffer.Length < bytes)
            {
                _buffers.Return(_buffer);
                _buffer = GC.AllocateUninitializedArray<byte>(bytes);
            }
        }

        return _buffer.AsSpan(_buffered, bytes);
    }

    private void WriteBuffer()
    {
        if (_buffered == 0)
            return;
        Allocate(_bufferAt + _buffered);
        _file.Write(_bufferAt, _buffer.AsSpan(0, _buffered));
        _bufferAt += _buffered;
        _buffered = 0;
    }

    private void Allocate(long end)
    {
        if (end <= _allocated)
            return;
        long bytes = Math.Max(AllocateBytes, end - _allocated);
        _file.Allocate(_allocated, bytes);
        _allocated += bytes;
    }

    private byte[] Footer()
    {
        int starts = Runs.Sum(run => run.Blocks.Length);
        byte[] footer = new byte[
            Runs.Count * SegmentFormat.RunBytes + starts * SegmentFormat.BlockStartBytes + SegmentFormat.TrailerBytes];
        Span<byte> at = footer;
        foreach (Run run in Runs)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(at, run.Queue.Id.Value);
            BinaryPrimitives.WriteUInt64LittleEndian(at[8..], run.First);
            BinaryPrimitives.WriteUInt64LittleEndian(at[16..], run.Last);
            BinaryPrimitives.WriteInt64LittleEndian(at[24..], run.Offset);
            BinaryPrimitives.WriteInt64LittleEndian(at[32..], run.Length);
            BinaryPrimitives.WriteInt32LittleEndian(at[40..], run.Count);
            BinaryPrimitives.WriteInt32LittleEndian(at[44..], run.Blocks.Length);
            at = at[SegmentFormat.RunBytes..];
            foreach (BlockStart block in run.Blocks)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(at, block.Sequence);
                BinaryPrimitives.WriteInt64LittleEndian(at[8..], block.Offset);
                at = at[SegmentFormat.BlockStartBytes..];
            }
        }

        SegmentFormat.WriteTrailer(footer, Position, Runs.Count);
        return footer;
    }
}
