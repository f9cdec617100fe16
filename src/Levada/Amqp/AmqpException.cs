using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>
/// A client's mistake, to be answered with channel.close or connection.close (AMQP 0-9-1, section 1.2). Thrown wherever
/// it is found and caught once, by the connection. What it says is for the client to read.
/// </summary>
/// <param name="replyCode">One of <see cref="Protocol.ReplyCode"/>.</param>
/// <param name="text">What is wrong, without the name of the code, which is put in front when it is written.</param>
/// <param name="scope">What is closed.</param>
/// <param name="methodId">
/// The method that failed, class in the upper 16 bits; 0 when the fault is tied to no method.
/// </param>
public sealed class AmqpException(ushort replyCode, string text, ErrorScope scope, uint methodId = 0) : Exception(text)
{
    public ushort ReplyCode { get; } = replyCode;

    public string Text { get; } = text;

    public ErrorScope Scope { get; } = scope;

    public uint MethodId { get; } = methodId;

    public ushort ClassId => (ushort)(MethodId >> 16);

    /// <summary>The text as clients get it; whoever writes it cuts it at 255 octets.</summary>
    public string ReplyText => $"{Protocol.ReplyCode.Name(ReplyCode)} - {Text}";
}
