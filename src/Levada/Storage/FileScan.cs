using Levada.Platform;

namespace Levada.Storage;

/// <summary>Reads a file mostly forwards, through one buffer. One thread, for as long as a scan takes.</summary>
internal sealed class FileScan(int bufferBytes)
{
    private IDiskFile? _file;
    private byte[] _buffer = [];
    private long _start;
    private int _length;

    public void Open(IDiskFile file)
    {
        _file = file;
        _start = 0;
        _length = 0;
    }

    /// <summary>Bytes from an offset; fewer than asked for at the end of the file. Valid until the next call.</summary>
    /// <param name="offset">Where to begin.</param>
    /// <param name="bytes">How many are needed.</param>
    /// <param name="readBytes">
    /// How many to read when they are not in the buffer: more if what follows will be wanted.
    /// </param>
    public ReadOnlySpan<byte> Read(long offset, int bytes, int readBytes = int.MaxValue)
    {
        if (offset < _start || offset + bytes > _start + _length)
        {
            if (bytes > _buffer.Length || _buffer.Length == 0)
                _buffer = GC.AllocateUninitializedArray<byte>(Math.Max(bytes, bufferBytes));
            int wanted = Math.Clamp(readBytes, bytes, _buffer.Length);
            _start = offset;
            _length = 0;
            _length = ReadFile(offset, _buffer.AsSpan(0, wanted));
        }

        int at = (int)(offset - _start);
        return _buffer.AsSpan(at, Math.Clamp(bytes, 0, _length - at));
    }

    private int ReadFile(long offset, Span<byte> buffer)
    {
        try
        {
            return _file!.Read(offset, buffer);
        }
        catch (IOException e)
        {
            throw new DiskReadException(e.Message, e);
        }
    }
}
