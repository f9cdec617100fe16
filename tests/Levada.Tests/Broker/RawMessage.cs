using System.Text;
using Levada.Protocol;

namespace Levada.Tests;

/// <summary>
/// A deliver, get-ok or return with its content. Fields that the method does not have keep their defaults.
/// </summary>
public sealed record RawMessage
{
    public ushort Channel { get; init; }

    public string ConsumerTag { get; init; } = "";

    public ulong DeliveryTag { get; init; }

    public bool Redelivered { get; init; }

    public string Exchange { get; init; } = "";

    public string RoutingKey { get; init; } = "";

    /// <summary>get-ok only: messages left in the queue.</summary>
    public uint MessageCount { get; init; }

    /// <summary>return only.</summary>
    public ushort ReplyCode { get; init; }

    /// <summary>return only.</summary>
    public string ReplyText { get; init; } = "";

    public BasicProperties Properties { get; init; } = new();

    public byte[] Body { get; init; } = [];

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>
    /// Frames that the body came in, and the size of the largest frame in octets, header and end included.
    /// </summary>
    public int BodyFrames { get; init; }

    /// <inheritdoc cref="BodyFrames"/>
    public int LargestFrame { get; init; }
}
