namespace Levada.Protocol;

/// <summary>The constants of AMQP 0-9-1 framing: type, channel, size, payload, end octet (spec 4.2.3).</summary>
public static class Frame
{
    public const byte Method = 1;
    public const byte Header = 2;
    public const byte Body = 3;
    public const byte Heartbeat = 8;

    /// <summary>The octet that closes every frame.</summary>
    public const byte End = 0xCE;

    /// <summary>Octets before the payload: type, channel, size.</summary>
    public const int HeaderSize = 7;

    /// <summary>Octets of a frame that are not payload: the header and the end octet.</summary>
    public const int Overhead = 8;

    /// <summary>The frame_max every peer must accept, and the limit that holds before tune-ok.</summary>
    public const int MinSize = 4096;

    /// <summary>What a 0-9-1 client sends first: "AMQP" 0 0 9 1.</summary>
    public static ReadOnlySpan<byte> ProtocolHeader => "AMQP\0\0\u0009\u0001"u8;
}
