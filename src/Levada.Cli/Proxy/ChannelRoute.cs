using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>
/// A client's channel and the upstream channel that stands for it. Belongs to the turn of the pool
/// (<see cref="ConnectionPool.Turn"/>).
/// </summary>
internal sealed class ChannelRoute(ClientConnection client, ushort number)
{
    private const int KeptCapacity = 256 << 10;

    private ByteBuffer? _content;

    /// <summary>Null once the client has gone: what comes from upstream then is dropped.</summary>
    public ClientConnection? Client { get; set; } = client;

    /// <summary>The client's number for it.</summary>
    public ushort Number => number;

    /// <summary>Null once upstream has closed it: all that is left is the client's close-ok.</summary>
    public UpstreamConnection? Upstream { get; set; }

    /// <summary>The number that it has there.</summary>
    public ushort UpstreamNumber { get; set; }

    /// <summary>channel.close went upstream; its close-ok makes the number free.</summary>
    public bool IsCloseSent { get; set; }

    /// <summary>It was the client who asked for that, and waits for close-ok.</summary>
    public bool IsClosedByClient { get; set; }

    /// <summary>Called when upstream has closed the channel of a client that has gone.</summary>
    public Action? Closed { get; set; }

    /// <summary>Replies to what the proxy itself asked for on the channel.</summary>
    public int RepliesToDrop { get; set; }

    /// <summary>
    /// Set while it moves to another upstream connection; true when the old channel is closed, false when there is
    /// nothing left to move.
    /// </summary>
    public TaskCompletionSource<bool>? Moving { get; set; }

    /// <summary>The method that the client sent last.</summary>
    public uint LastMethod { get; set; }

    /// <summary>
    /// It holds what a new channel cannot be given: consumers, deliveries, a transaction, numbers of confirms.
    /// </summary>
    public bool IsBound { get; set; }

    /// <summary>What a new channel must be told: basic.qos, the same for the whole channel, confirm.select.</summary>
    public byte[]?[] Settings { get; } = new byte[]?[3];

    /// <summary>The queue that an empty name means.</summary>
    public string? LastQueue { get; set; }

    /// <summary>A publish has begun, and its content header comes next.</summary>
    public bool AwaitsHeader { get; private set; }

    /// <summary>Octets of the body that are still to come.</summary>
    public ulong BodyLeft { get; private set; }

    public bool IsInContent => AwaitsHeader || BodyLeft > 0;

    /// <summary>The frames of the message so far.</summary>
    public ReadOnlySpan<byte> Content => _content!.WrittenSpan;

    public void BeginContent(ReadOnlySpan<byte> frame)
    {
        Keep(frame);
        AwaitsHeader = true;
    }

    public void AddHeader(ReadOnlySpan<byte> frame, ulong bodySize)
    {
        Keep(frame);
        AwaitsHeader = false;
        BodyLeft = bodySize;
    }

    public void AddBody(ReadOnlySpan<byte> frame)
    {
        Keep(frame);
        BodyLeft -= (ulong)(frame.Length - Frame.Overhead);
    }

    public void EndContent()
    {
        if (_content!.Length > KeptCapacity) _content.Dispose();
        else _content.Clear();
    }

    /// <summary>Forgets a message that will not be finished.</summary>
    public void DropContent()
    {
        AwaitsHeader = false;
        BodyLeft = 0;
        _content?.Dispose();
    }

    private void Keep(ReadOnlySpan<byte> frame)
    {
        _content ??= new ByteBuffer(frame.Length + 256);
        var copy = _content.GetSpan(frame.Length);
        frame.CopyTo(copy);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(copy[1..], UpstreamNumber);
        _content.Advance(frame.Length);
    }
}
