using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Storage;

namespace Levada.Amqp;

/// <summary>
/// A channel that has a body from a file on its way: the frames that are left of it, and what must not be sent before
/// they are. Everything is under the outbox lock, except the reading, which one thread does for the whole outbox.
/// </summary>
internal sealed class OutboxLane(ushort channel, OutboxBody body) : IDisposable
{
    // Returns and direct replies that came meanwhile: where in what is held each follows.
    private readonly Queue<(int At, OutboxBody Body)> _next = new();
    private readonly ByteBuffer _held = new(256);
    private int _passed;
    private long _offset;
    private IDiskFile? _file;

    public ushort Channel { get; } = channel;

    /// <summary>What is being sent.</summary>
    public OutboxBody Body { get; private set; } = body;

    /// <summary>The body is read to its end.</summary>
    public bool IsRead => _offset == Body.File.Length;

    /// <summary>Who was refused because the channel is busy with the body.</summary>
    public List<(Shard Shard, ShardWork Retry)> Refused { get; } = [];

    public Span<byte> GetSpan(int size) => _held.GetSpan(size);

    public void Advance(int size) => _held.Advance(size);

    /// <summary>Another body, behind the content header that was written last.</summary>
    public void Follow(OutboxBody body) => _next.Enqueue((_held.Length, body));

    /// <summary>Reads the next part of the body, as frames. On the reading thread.</summary>
    /// <param name="to">Takes as many frames as fit.</param>
    /// <param name="frames">How many that are.</param>
    /// <returns>Bytes of frames.</returns>
    /// <exception cref="IOException">The file is not as it should be.</exception>
    public int ReadFrames(Span<byte> to, out int frames)
    {
        _file ??= Body.File.Open();
        var used = 0;
        frames = 0;
        while (!IsRead && to.Length - used > Frame.Overhead)
        {
            var part = (int)Math.Min(Body.File.Length - _offset, Math.Min(Body.FrameMax, to.Length - used)
                - Frame.Overhead);
            FrameHeader.Write(to[used..], Frame.Body, Channel, part);
            if (_file.Read(_offset, to.Slice(used + Frame.HeaderSize, part)) < part)
                throw new IOException($"body {Body.File.Number:x16} ends before {_offset + part} bytes");
            used += part + Frame.Overhead;
            to[used - 1] = Frame.End;
            _offset += part;
            frames++;
        }
        return used;
    }

    /// <summary>The body is read to its end: what may be sent behind it, up to the header of the next body.</summary>
    /// <param name="done">The caller's to release; null if there is no next body, and this lane is over.</param>
    public ReadOnlySpan<byte> Pass(out BodyFile? done)
    {
        var from = _passed;
        done = null;
        _passed = _held.Length;
        if (_next.TryDequeue(out var next))
        {
            done = Body.File;
            _file?.Dispose();
            _file = null;
            _offset = 0;
            (_passed, Body) = next;
        }
        return _held.WrittenSpan[from.._passed];
    }

    /// <summary>Lets go of everything; without the outbox lock.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _held.Dispose();
        Body.File.Release();
        foreach (var (_, body) in _next)
            body.File.Release();
        _next.Clear();
    }
}
