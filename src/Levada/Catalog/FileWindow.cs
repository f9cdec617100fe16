using Levada.Platform;

namespace Levada.Catalog;

/// <summary>Reads a file forwards through a buffer, so that a long log is never in memory as a whole.</summary>
internal sealed class FileWindow(IDiskFile file)
{
    private const int Step = 256 * 1024;

    private byte[] _buffer = new byte[Step];
    private long _start;
    private int _count;

    public long Length { get; } = file.Length;

    /// <summary>The length without the zeros at its end.</summary>
    public long UsedLength
    {
        get
        {
            for (var end = Length; end > 0;)
            {
                var from = Math.Max(0, end - Step);
                var used = Read(from, (int)(end - from)).LastIndexOfAnyExcept((byte)0);
                if (used >= 0)
                    return from + used + 1;
                end = from;
            }

            return 0;
        }
    }

    /// <summary>The octets at an offset, as many as there are; valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(long offset, int length)
    {
        length = (int)Math.Clamp(Length - offset, 0, length);
        if (offset < _start || offset + length > _start + _count)
            Fill(offset, length);
        return _buffer.AsSpan((int)(offset - _start), Math.Min(length, _count - (int)(offset - _start)));
    }

    public bool IsZeroFrom(long offset)
    {
        for (; offset < Length; offset += Step)
        {
            if (Read(offset, Step).ContainsAnyExcept((byte)0))
                return false;
        }

        return true;
    }

    private void Fill(long offset, int length)
    {
        if (_buffer.Length < length)
            _buffer = new byte[Math.Max(length, _buffer.Length * 2)];
        _start = offset;
        _count = file.Read(offset, _buffer);
    }
}
