using System.Buffers;

namespace Levada.Protocol;

/// <summary>
/// A buffer that grows and keeps its memory in the shared pool: outgoing frames are gathered here. Not for two threads.
/// Between <see cref="GetSpan"/> and <see cref="Advance"/> the span belongs to the caller.
/// </summary>
public sealed class ByteBuffer(int initialCapacity = 4096) : IBufferWriter<byte>, IDisposable
{
    private byte[] _array = ArrayPool<byte>.Shared.Rent(initialCapacity);

    /// <summary>Octets written.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> WrittenSpan => _array.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _array.AsMemory(0, Length);

    /// <summary>Octets that fit before it has to grow.</summary>
    public int Free => _array.Length - Length;

    /// <summary>Room for at least <paramref name="sizeHint"/> octets behind what is written.</summary>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (sizeHint > _array.Length - Length || Length == _array.Length) Grow(Math.Max(1, sizeHint));
        return _array.AsSpan(Length);
    }

    /// <inheritdoc cref="GetSpan"/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        GetSpan(sizeHint);
        return _array.AsMemory(Length);
    }

    /// <summary>Counts <paramref name="count"/> octets of the last span as written.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - Length), nameof(count));
        Length += count;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Forgets what was written and keeps the memory.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets everything from <paramref name="length"/> on.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length, nameof(length));
        Length = length;
    }

    /// <summary>Gives the memory back. The buffer can be used again: it takes new memory then.</summary>
    public void Dispose()
    {
        if (_array.Length > 0) ArrayPool<byte>.Shared.Return(_array);
        _array = [];
        Length = 0;
    }

    private void Grow(int needed)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + needed, Math.Min(_array.Length * 2, 1 << 30)));
        _array.AsSpan(0, Length).CopyTo(larger);
        if (_array.Length > 0) ArrayPool<byte>.Shared.Return(_array);
        _array = larger;
    }
}
