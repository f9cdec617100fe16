namespace Levada.Tests.Simulation;

/// <summary>Bytes in the order they came.</summary>
internal sealed class ByteQueue
{
    private byte[] _bytes = new byte[256];
    private int _start;
    private int _end;

    public int Count => _end - _start;

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(_start, Count);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _end < bytes.Length)
            MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public byte[] Take(int count)
    {
        var taken = _bytes.AsSpan(_start, count).ToArray();
        Skip(count);
        return taken;
    }

    public void Skip(int count)
    {
        _start += count;
        if (_start == _end)
            _start = _end = 0;
    }

    public void Clear() => _start = _end = 0;

    private void MakeRoom(int needed)
    {
        var larger = _bytes.Length - Count < needed ? new byte[Math.Max(_bytes.Length * 2, Count + needed)] : _bytes;
        var count = Count;
        Span.CopyTo(larger);
        (_bytes, _start, _end) = (larger, 0, count);
    }
}
