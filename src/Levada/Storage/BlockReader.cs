using Levada.Journal;

namespace Levada.Storage;

/// <summary>
/// One place where a queue reads: the block it stands in and the one ahead. Owned by the turn; while a load is under
/// way the disk thread owns its buffer.
/// </summary>
internal sealed class BlockReader(BlockReads reads, QueueMessages queue) : ShardWork, IThreadPoolWorkItem
{
    private Block _current;
    private Block _ahead;
    private Block _loading;
    private IOException? _error;
    private bool _closed;

    public QueueMessages Queue { get; } = queue;

    /// <summary>The turn in which it was last read from.</summary>
    public long UsedInTurn { get; private set; }

    public bool IsLoading => _loading.File is not null;

    public bool IsClosed => _closed;

    /// <summary>
    /// In the list of those who hold memory that could be given back; kept by <see cref="BlockReads"/>.
    /// </summary>
    public bool IsHolder { get; set; }

    /// <summary>How many bytes the load that waits for memory needs.</summary>
    public int LoadingBytes => _loading.Length;

    /// <summary>Where the block read from last ends in its file.</summary>
    public long CurrentEnd => _current.End;

    /// <summary>The end of the block whose successor was asked for; for readers that find it by themselves.</summary>
    public long AskedAheadAt { get; set; }

    /// <summary>Reads from the blocks in memory; false if they do not hold all of this.</summary>
    public bool TryRead(StoredFile file, long offset, int bytes, out ReadOnlySpan<byte> span)
    {
        UsedInTurn = reads.Turn;
        if (_current.Holds(file, offset, bytes))
        {
            span = _current.Span(offset, bytes);
            return true;
        }

        if (!_ahead.Holds(file, offset, bytes))
        {
            span = default;
            return false;
        }

        reads.ReturnAfterTurn(_current.Buffer);
        _current = _ahead;
        _ahead = default;
        span = _current.Span(offset, bytes);
        return true;
    }

    /// <summary>All that the current block holds from here on.</summary>
    public ReadOnlySpan<byte> Rest(StoredFile file, long offset) =>
        _current.Holds(file, offset, 1) ? _current.Span(offset, (int)(_current.End - offset)) : default;

    /// <summary>Whether a byte is in memory or on its way there.</summary>
    public bool Covers(StoredFile file, long offset) =>
        _current.Holds(file, offset, 1) || _ahead.Holds(file, offset, 1)
        || (_loading.File == file && offset >= _loading.Offset && offset < _loading.Offset + _loading.Length);

    /// <summary>
    /// Has this read; <see cref="MessageStore.Readable"/> follows. Nothing new while a load is under way.
    /// </summary>
    public void Load(StoredFile file, long offset, int bytes)
    {
        UsedInTurn = reads.Turn;
        if (IsLoading)
            return;
        _loading = new Block(file, offset, bytes, null);
        // From here on, memory or not: a file that a load waits for is still wanted.
        file.Readers++;
        reads.Start(this);
    }

    /// <summary>The same for what will be wanted next, if there is memory for it.</summary>
    /// <returns>False: it should be asked again, because another load is under way or memory is short.</returns>
    public bool TryLoadAhead(StoredFile file, long offset, int bytes) =>
        TryLoadAhead(file, offset, bytes, offset);

    /// <param name="file">The file.</param>
    /// <param name="offset">Where to begin.</param>
    /// <param name="bytes">How many bytes.</param>
    /// <param name="unlessCovered">Nothing to do if this place is in memory or on its way.</param>
    public bool TryLoadAhead(StoredFile file, long offset, int bytes, long unlessCovered)
    {
        if (Covers(file, unlessCovered))
            return true;
        if (IsLoading || !reads.HasRoom(bytes))
            return false;
        Load(file, offset, bytes);
        return true;
    }

    /// <summary>Gives the blocks back; they can be read again. Only if this turn has shown nothing of them.</summary>
    public void Evict()
    {
        reads.ReturnNow(_current.Buffer);
        reads.ReturnNow(_ahead.Buffer);
        _current = _ahead = default;
    }

    /// <summary>The queue reads here no more.</summary>
    public void Close()
    {
        _closed = true;
        reads.ReturnAfterTurn(_current.Buffer);
        reads.ReturnAfterTurn(_ahead.Buffer);
        _current = _ahead = default;
        reads.Forget(this);
    }

    /// <summary>A load that never began is not wanted any more.</summary>
    public void Cancel()
    {
        StoredFile file = _loading.File!;
        _loading = default;
        file.Readers--;
        reads.Finished(file);
    }

    /// <summary>Called by <see cref="BlockReads"/>: there is memory for the load.</summary>
    public void Begin(byte[] buffer) => _loading = _loading with { Buffer = buffer };

    public void Execute()
    {
        if (!reads.Gate.TryEnter())
            return;
        try
        {
            Span<byte> wanted = _loading.Buffer.AsSpan(0, _loading.Length);
            int read = _loading.File!.Handle.Read(_loading.Offset, wanted);

            // What a file that was cut lacks is no record; its checksum will say so.
            wanted[read..].Clear();
            _error = null;
        }
        catch (IOException e)
        {
            _error = e;
        }
        finally
        {
            reads.Gate.Exit();
        }

        reads.Post(this);
    }

    protected internal override void Run(Shard shard)
    {
        if (_error is { } error && !_closed)
        {
            reads.Retry(this, _loading.File!.Path, error);
            return;
        }

        Block loaded = _loading;
        _loading = default;
        loaded.File!.Readers--;
        reads.Ended(this, loaded.File);
        if (_closed)
        {
            reads.ReturnAfterTurn(loaded.Buffer);
            return;
        }

        reads.ReturnAfterTurn(_ahead.Buffer);
        _ahead = loaded;
        reads.Loaded(this);
    }

    private readonly record struct Block(StoredFile? File, long Offset, int Length, byte[]? Buffer)
    {
        public long End => Offset + Length;

        public bool Holds(StoredFile file, long offset, int bytes) =>
            File == file && offset >= Offset && offset + bytes <= End;

        public ReadOnlySpan<byte> Span(long offset, int bytes) => Buffer.AsSpan((int)(offset - Offset), bytes);
    }
}
