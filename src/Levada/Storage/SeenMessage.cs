using System.Buffers.Binary;
using Levada.Platform;
using Levada.Queues;

namespace Levada.Storage;

/// <summary>A copy of a message, for people. It keeps the file that its body is, if it is one, until it is disposed of.
/// </summary>
public sealed record SeenMessage : IDisposable
{
    private readonly byte[] _bytes;
    private readonly BodyFile? _body;

    private SeenMessage(byte[] bytes, BodyFile? body) => (_bytes, _body) = (bytes, body);

    /// <summary>Its number in its queue.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>How many stood before it.</summary>
    public required long Position { get; init; }

    public required bool IsRedelivered { get; init; }

    /// <summary>How many were ready behind it when it was fetched.</summary>
    public long Left { get; init; }

    /// <summary>Exchange, key and properties, and the body if it is no file.</summary>
    public StoredMessage Message => new(_bytes);

    /// <summary>The body, cut off after so many bytes. Reads a file, perhaps: not on a turn.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public byte[] ReadBody(int most)
    {
        var body = new byte[Math.Min(most, Message.BodyLength)];
        if (_body is null)
        {
            Message.Body[..body.Length].CopyTo(body);
            return body;
        }

        using IDiskFile file = _body.Open();
        file.Read(0, body);
        return body;
    }

    public void Dispose() => _body?.Release();

    internal static SeenMessage Of(
        Queue queue, scoped in MessageView message, scoped StoredMessage shown, long position)
    {
        BodyFile? body = shown.IsBodyApart
            ? queue.Shard.Store.Bodies.Find(BinaryPrimitives.ReadUInt64LittleEndian(shown.Body))
            : null;
        body?.Hold();
        return new SeenMessage(shown.Bytes.ToArray(), body)
        {
            Sequence = message.Sequence,
            Position = position,
            IsRedelivered = message.Redelivered,
        };
    }
}
