using System.Text;
using Levada.Accounting;
using Levada.Protocol;

namespace Levada.Queues;

/// <summary>
/// The values that an exchange or a queue has seen lately in the header that tells its messages apart (argument
/// <c>x-message-deduplication</c>). As many as <c>x-cache-size</c> says; the oldest makes room. In memory, of each
/// value a hash only, seeded by process; nothing is allocated once it is full. Used by every publisher's thread, a
/// queue's by its shard's turn alone, under a lock of its own, a leaf.
/// </summary>
internal sealed class Deduplication
{
    public const string Argument = "x-message-deduplication";
    public const string SizeArgument = "x-cache-size";

    /// <summary>In milliseconds; a header of this name counts for its message.</summary>
    public const string TtlArgument = "x-cache-ttl";

    /// <summary>Names the header; it is also the header's name if it is not given.</summary>
    public const string HeaderArgument = "x-deduplication-header";

    private const int DefaultSize = 128;
    private const int SmallestRing = 16;

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();
    private static readonly ulong OtherSeed = (ulong)Random.Shared.NextInt64();

    private readonly byte[] _header;
    private readonly int _size;
    private readonly long _ttlMs;
    private readonly Lock _lock = new();

    // Under the lock: the newest place of each key in the ring, and the ring in the order of coming.
    private readonly Dictionary<UInt128, int> _places = [];
    private Entry[] _ring = [];
    private int _next;

    /// <summary>Its memory. From any thread.</summary>
    public long HeldBytes
    {
        get
        {
            lock (_lock)
            {
                return ObjectSize.Of<Deduplication>() + ObjectSize.Room(_places)
                    + ObjectSize.Array<Entry>(_ring.Length);
            }
        }
    }

    private Deduplication(string header, int size, long ttlMs)
    {
        _header = Encoding.UTF8.GetBytes(header);
        _size = size;
        _ttlMs = ttlMs;
    }

    /// <summary>Null if duplicates are not to be left out.</summary>
    /// <param name="arguments">Of the exchange or queue, checked.</param>
    public static Deduplication? From(FieldTable arguments)
    {
        if (!arguments.TryGet(Argument, out var value) || !value.AsBoolean)
            return null;
        return new Deduplication(
            arguments.TryGet(HeaderArgument, out value) ? value.AsString : HeaderArgument,
            arguments.TryGet(SizeArgument, out value) ? (int)value.AsLong : DefaultSize,
            arguments.TryGet(TtlArgument, out value) ? value.AsLong : long.MaxValue);
    }

    /// <summary>Remembers a message by its header; false if one like it is remembered already.</summary>
    /// <param name="headers">The entries of the message's headers table.</param>
    /// <param name="nowMs">By one clock for all messages.</param>
    /// <param name="key">What <see cref="Forget"/> takes; null for a message that cannot be told apart.</param>
    public bool TryAdd(ReadOnlySpan<byte> headers, long nowMs, out UInt128? key)
    {
        key = Read(headers, out var ttlMs);
        if (key is not { } known)
            return true;
        var expiresMs = ttlMs < long.MaxValue - nowMs ? nowMs + ttlMs : long.MaxValue;
        lock (_lock)
        {
            if (_places.TryGetValue(known, out var place) && _ring[place].ExpiresMs > nowMs)
                return false;
            Add(new Entry(known, expiresMs));
            return true;
        }
    }

    /// <summary>The message was taken back: the next one like it counts.</summary>
    public void Forget(UInt128 key)
    {
        lock (_lock)
            _places.Remove(key);
    }

    private void Add(Entry entry)
    {
        if (_next == _ring.Length)
        {
            if (_ring.Length < _size)
                Array.Resize(ref _ring, (int)Math.Min(_size, Math.Max(SmallestRing, _ring.Length * 2L)));
            else
                _next = 0;
        }

        // A key that came again after its time has a newer place.
        var oldest = _ring[_next].Key;
        if (_places.TryGetValue(oldest, out var place) && place == _next)
            _places.Remove(oldest);
        _ring[_next] = entry;
        _places[entry.Key] = _next++;
    }

    private UInt128? Read(ReadOnlySpan<byte> headers, out long ttlMs)
    {
        UInt128? key = null;
        ttlMs = _ttlMs;
        for (var reader = new FieldTableReader(headers); reader.Next();)
        {
            if (reader.Key.SequenceEqual(_header))
                key = KeyOf(reader);
            if (reader.Key.SequenceEqual("x-cache-ttl"u8) && reader.TryGetInteger(out var ms) && ms >= 0)
                ttlMs = ms;
        }

        return key;
    }

    // Numbers count by value, whatever their wire types.
    private static UInt128? KeyOf(in FieldTableReader header)
    {
        if (header.TryGetInteger(out var number))
            return new UInt128(StableHash.Mix(Seed ^ (ulong)number), (ulong)number);
        if (header.Type == FieldType.Void)
            return null;
        var type = (ulong)header.Type;
        return new UInt128(StableHash.Of(header.Value, Seed + type), StableHash.Of(header.Value, OtherSeed + type));
    }

    private readonly record struct Entry(UInt128 Key, long ExpiresMs);
}
