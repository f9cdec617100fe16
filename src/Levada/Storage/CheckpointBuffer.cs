using System.Buffers.Binary;

namespace Levada.Storage;

/// <summary>Numbers behind each other in a growing array; how checkpoints are put together.</summary>
internal sealed class CheckpointBuffer
{
    private byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);

    public void I64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(sizeof(long)), value);

    private Span<byte> Take(int bytes)
    {
        if (_bytes.Length - Length < bytes)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        Length += bytes;
        return _bytes.AsSpan(Length - bytes, bytes);
    }
}
