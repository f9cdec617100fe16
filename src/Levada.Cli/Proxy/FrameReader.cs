using System.Buffers;
using System.Buffers.Binary;
using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>Cuts what a link receives into frames. Belongs to the loop that reads the link.</summary>
internal sealed class FrameReader(Link link) : IDisposable
{
    private const int SmallestBuffer = 4 << 10;
    private const int LargestRead = 128 << 10;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(SmallestBuffer);
    private int _start;
    private int _end;
    private bool _isDiscarding;

    /// <summary>Octets of the largest frame that is taken, header and end included.</summary>
    public uint FrameMax { get; set; } = 128 << 10;

    /// <summary>Waits for octets; false at the end.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        MakeRoom();
        var received = await link.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += received;
        return received > 0;
    }

    /// <summary>The next whole frame, which stays until <see cref="Consume"/>.</summary>
    /// <param name="header">What it begins with.</param>
    /// <param name="frame">All of it, header and end octet too; valid until the next read.</param>
    /// <exception cref="CloseException">It is too large, or does not end as a frame does.</exception>
    public bool TryPeek(out FrameHeader header, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (_isDiscarding) _start = _end;
        var received = _buffer.AsSpan(_start, _end - _start);
        header = received.Length >= Frame.HeaderSize ? FrameHeader.Read(received) : default;
        if (received.Length < Frame.HeaderSize) return false;
        if (header.Size > FrameMax - Frame.Overhead)
        {
            throw CloseException.Of(
                ReplyCode.FrameError,
                $"frame of {header.Size} octets is larger than the negotiated frame_max of {FrameMax}");
        }
        var length = (int)header.Size + Frame.Overhead;
        if (received.Length < length) return false;
        if (received[length - 1] != Frame.End)
            throw CloseException.Of(ReplyCode.FrameError, "the frame does not end with 0xCE");
        frame = received[..length];
        return true;
    }

    /// <summary>What follows a framing error cannot be read any more: it is dropped from now on.</summary>
    public void Discard() => _isDiscarding = true;

    public void Consume(int octets) => _start += octets;

    /// <summary>What a client sends before all frames; null while it is not complete.</summary>
    public ReadOnlySpan<byte> PeekOctets(int count) =>
        _end - _start < count ? default : _buffer.AsSpan(_start, count);

    /// <summary>Waits for this method on channel 0 and takes it; heartbeats pass.</summary>
    /// <exception cref="CloseException">The peer closes the connection instead; its code and text.</exception>
    /// <exception cref="IOException">The connection ended, or something else came.</exception>
    public async ValueTask<T> ExpectAsync<T>(CancellationToken cancellationToken) where T : struct, IMethod<T>
    {
        while (true)
        {
            if (TryTake<T>() is { } method) return method;
            if (!await ReceiveAsync(cancellationToken))
                throw new IOException($"the connection ended instead of {MethodId.Name(T.Id)}");
        }
    }

    /// <summary>Class and method number of a whole method frame; 0 for another frame.</summary>
    public static uint MethodOf(ReadOnlySpan<byte> frame) =>
        frame[0] == Frame.Method && frame.Length >= Frame.Overhead + 4
            ? BinaryPrimitives.ReadUInt32BigEndian(frame[Frame.HeaderSize..])
            : 0;

    /// <summary>What follows class and method number.</summary>
    public static ReadOnlySpan<byte> ArgumentsOf(ReadOnlySpan<byte> frame) => frame[(Frame.HeaderSize + 4)..^1];

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }

    private T? TryTake<T>() where T : struct, IMethod<T>
    {
        while (TryPeek(out var header, out var frame))
        {
            Consume(frame.Length);
            if (header.Type == Frame.Heartbeat) continue;
            var id = MethodOf(frame);
            if (header.Channel == 0 && id == T.Id && T.TryRead(ArgumentsOf(frame), out var wanted)) return wanted;
            if (id == MethodId.ConnectionClose && ConnectionClose.TryRead(ArgumentsOf(frame), out var close))
            {
                link.Send(0, default(ConnectionCloseOk));
                var method = ((uint)close.ClassId << 16) | close.MethodId;
                throw new CloseException(close.ReplyCode, close.ReplyText, method) { IsByPeer = true };
            }
            throw new IOException($"{MethodId.Name(id)} came instead of {MethodId.Name(T.Id)}");
        }
        return null;
    }

    private void MakeRoom()
    {
        if (_start == _end) _start = _end = 0;
        if (_end < _buffer.Length && (_start == 0 || _buffer.Length - _end >= SmallestBuffer)) return;
        var unread = _end - _start;
        if (unread < _buffer.Length / 2 && _buffer.Length >= LargestRead)
        {
            _buffer.AsSpan(_start, unread).CopyTo(_buffer);
        }
        else
        {
            // A full buffer: there is more to come, or a frame larger than it.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, SmallestBuffer));
            _buffer.AsSpan(_start, unread).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        _start = 0;
        _end = unread;
    }
}
