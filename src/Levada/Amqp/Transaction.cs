using Levada.Exchanges;
using Levada.Journal;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Amqp;

/// <summary>
/// What a channel in tx mode has published and settled since the last commit (rules I9, I10). Publishes are routed when
/// they come and kept in batches; settles reserve their tags; returns are kept until the commit. Belongs to the
/// channel.
/// </summary>
internal sealed class Transaction(int shards)
{
    private readonly PostBatch?[] _publishes = new PostBatch?[shards];
    private readonly List<(ulong Tag, SettleKind Fate)> _settles = [];
    private readonly List<Returned> _returns = [];
    private readonly List<ulong> _reserved = [];
    private readonly List<(Deduplication Known, UInt128 Key)> _remembered = [];

    public IReadOnlyList<(ulong Tag, SettleKind Fate)> Settles => _settles;

    public IReadOnlyList<Returned> Returns => _returns;

    /// <summary>The shards that publishes go to, a bit each.</summary>
    public ulong Shards
    {
        get
        {
            var shards = 0UL;
            for (var i = 0; i < _publishes.Length; i++)
                shards |= _publishes[i] is null ? 0 : 1UL << i;
            return shards;
        }
    }

    /// <summary>Bytes of messages not yet committed.</summary>
    public long Bytes { get; set; }

    /// <summary>Publishes not yet committed.</summary>
    public int Uncommitted { get; private set; }

    /// <summary>Where a publish for a shard goes until the commit.</summary>
    public PostBatch Batch(Shard shard)
    {
        Uncommitted++;
        return _publishes[shard.Id.Value] ??= PostBatch.Rent(null);
    }

    /// <summary>The batch of a shard, without counting a publish: for its settles at the commit.</summary>
    public PostBatch SettleBatch(Shard shard) => _publishes[shard.Id.Value] ??= PostBatch.Rent(null);

    /// <summary>Under the outbox lock.</summary>
    public void Reserve(Unsettled unsettled, ulong tag, bool multiple, SettleKind fate)
    {
        _reserved.Clear();
        unsettled.Reserve(tag, multiple, _reserved);
        foreach (var reserved in _reserved)
            _settles.Add((reserved, fate));
    }

    /// <param name="code">The return's.</param>
    /// <param name="text">The return's.</param>
    /// <param name="head">Everything before the body.</param>
    /// <param name="body">The body, or the number of its file.</param>
    /// <param name="file">The file, if it is one: held until the return is written or forgotten.</param>
    public void AddReturn(
        ushort code, string text, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, BodyFile? file)
    {
        file?.Hold();
        _returns.Add(new Returned(code, text, head.ToArray(), body.ToArray(), file));
    }

    /// <summary>The batches with something in them; they are the caller's from now on.</summary>
    public List<(int Shard, PostBatch Batch)> TakeBatches()
    {
        var taken = new List<(int, PostBatch)>();
        for (var i = 0; i < _publishes.Length; i++)
        {
            if (_publishes[i] is { } batch)
                taken.Add((i, batch));
            _publishes[i] = null;
        }
        return taken;
    }

    /// <summary>A publish whose like is left out from now on, unless the transaction is discarded.</summary>
    public void Remember(Deduplication known, UInt128 key) => _remembered.Add((known, key));

    /// <summary>Forgets all of it; the tags must have been given back before.</summary>
    public void Discard()
    {
        foreach (var (_, batch) in TakeBatches())
            batch.Return();
        foreach (var (known, key) in _remembered)
            known.Forget(key);
        Clear();
    }

    public void Clear()
    {
        Uncommitted = 0;
        Bytes = 0;
        _settles.Clear();
        _remembered.Clear();
        foreach (var returned in _returns)
            returned.File?.Release();
        _returns.Clear();
    }

    public sealed record Returned(ushort Code, string Text, byte[] Head, byte[] Body, BodyFile? File);
}
