using Levada.Protocol;

namespace Levada.Tests.Rules;

/// <summary>
/// A mistake that costs the connection (section M): how to make it on channel 1, and the error it gets.
/// </summary>
public sealed record HardMistake(string Name, ushort Code, string Text, uint Method, Action<RawConnection> Make)
{
    public bool OnlyLevada { get; init; }

    public static IReadOnlyList<HardMistake> All { get; } =
    [
        new("wrong frame end", 501, "FRAME_ERROR - ", 0, c => c.SendFrame(Frame.Method, 1, [0, 60, 0, 10], end: 7)),
        new("frame above frame_max", 501, "FRAME_ERROR - ", 0, c => c.Send([Frame.Body, 0, 1, 0x7F, 0, 0, 0])),
        new("unknown type of frame", 501, "FRAME_ERROR - ", 0, c => c.SendFrame(5, 1, default)),
        new("arguments that cannot be read", 501, "FRAME_ERROR - ", MethodId.BasicQos,
            c => c.SendMethod(1, MethodId.BasicQos, [1])),
        new("body without a publish", 505, "UNEXPECTED_FRAME - ", 0, c => c.SendBody(1, "x"u8)),
        new("publish inside a publish", 505, "UNEXPECTED_FRAME - ", MethodId.BasicPublish, c =>
        {
            c.SendPublishMethod(1, "", "k");
            c.SendPublishMethod(1, "", "k");
        }),
        new("method on a channel that is not open", 504, "CHANNEL_ERROR - expected 'channel.open'", MethodId.BasicQos,
            c => c.Send(9, new BasicQos(0, 1))),
        new("channel opened twice", 504, "CHANNEL_ERROR - second 'channel.open' seen", MethodId.ChannelOpen,
            c => c.Send(1, new ChannelOpen())),
        new("connection opened twice", 504, "CHANNEL_ERROR - unexpected method in connection state running",
            MethodId.ConnectionOpen, c => c.Send(0, new ConnectionOpen("/"))),
        new("method of the server", 503, "COMMAND_INVALID - ", MethodId.BasicQosOk, c => c.Send(1, new BasicQosOk())),
        new("close-ok that nobody asked for", 503, "COMMAND_INVALID - ", MethodId.ChannelCloseOk,
            c => c.Send(1, new ChannelCloseOk())),
        new("unknown method", 540, "NOT_IMPLEMENTED - ", (60u << 16) | 200, c => c.SendMethod(1, (60u << 16) | 200, []))
        {
            OnlyLevada = true,
        },
        new("consumer tag used twice", 530, "NOT_ALLOWED - attempt to reuse consumer tag 'a'",
            MethodId.BasicConsume, c =>
            {
                var queue = TestBroker.Name("M");
                c.Send(1, new QueueDeclare(queue, Exclusive: true));
                c.Expect<QueueDeclareOk>(1);
                c.Send(1, new BasicConsume(queue, "a"));
                c.Expect<BasicConsumeOk>(1);
                c.Send(1, new BasicConsume(queue, "a"));
            }),
        new("more channels than agreed", 530, "NOT_ALLOWED - number of channels opened (3) has reached",
            MethodId.ChannelOpen, c =>
            {
                c.OpenChannel(3);
                c.Send(4, new ChannelOpen());
            })
        {
            OnlyLevada = true, // RabbitMQ names no method
        },
    ];
}
