using Levada.Protocol;

namespace Levada.Tests.Rules;

/// <summary>
/// A mistake on channel 1 that costs the channel and nothing else: what to do before it, how to make it, and the error
/// it gets (section M).
/// </summary>
public sealed record SoftMistake(string Name, ushort Code, string Text, uint Method, Action<RawConnection> Make)
{
    /// <summary>Done on channel 1 with its replies read.</summary>
    public Action<RawConnection>? Prepare { get; init; }

    public bool OnlyLevada { get; init; }

    public static IReadOnlyList<SoftMistake> All { get; } =
    [
        new("missing queue in a passive declare", 404, "NOT_FOUND - no queue 'missing' in vhost '/'",
            MethodId.QueueDeclare, c => c.Send(1, new QueueDeclare("missing", Passive: true))),
        new("missing queue in a bind", 404, "NOT_FOUND - no queue 'missing' in vhost '/'",
            MethodId.QueueBind, c => c.Send(1, new QueueBind("missing", "amq.direct", "k"))),
        new("missing queue in a purge", 404, "NOT_FOUND - no queue 'missing' in vhost '/'",
            MethodId.QueuePurge, c => c.Send(1, new QueuePurge("missing"))),
        new("missing queue in a consume", 404, "NOT_FOUND - no queue 'missing' in vhost '/'",
            MethodId.BasicConsume, c => c.Send(1, new BasicConsume("missing", "c"))),
        new("missing queue in a get", 404, "NOT_FOUND - no queue 'missing' in vhost '/'",
            MethodId.BasicGet, c => c.Send(1, new BasicGet("missing"))),
        new("missing exchange in a passive declare", 404, "NOT_FOUND - no exchange 'missing' in vhost '/'",
            MethodId.ExchangeDeclare, c => c.Send(1, new ExchangeDeclare("missing", "direct", Passive: true))),
        new("missing exchange in a bind", 404, "NOT_FOUND - no exchange 'missing' in vhost '/'",
            MethodId.ExchangeBind, c => c.Send(1, new ExchangeBind("amq.direct", "missing", "k", false, null))),
        new("missing exchange in a publish", 404, "NOT_FOUND - no exchange 'missing' in vhost '/'",
            MethodId.BasicPublish, c => c.Publish(1, "missing", "k", "x")),
        new("reserved name", 403, "ACCESS_REFUSED - queue name 'amq.mine' contains reserved prefix 'amq.*'",
            MethodId.QueueDeclare, c => c.Send(1, new QueueDeclare("amq.mine"))),
        new("binding to the default exchange", 403,
            "ACCESS_REFUSED - operation not permitted on the default exchange",
            MethodId.ExchangeDelete, c => c.Send(1, new ExchangeDelete(""))),
        new("other type of exchange", 406, "PRECONDITION_FAILED - inequivalent arg 'type' for exchange 'amq.direct'",
            MethodId.ExchangeDeclare, c => c.Send(1, new ExchangeDeclare("amq.direct", "fanout", Durable: true))),
        new("unknown delivery tag", 406, "PRECONDITION_FAILED - unknown delivery tag 99",
            MethodId.BasicAck, c => c.Send(1, new BasicAck(99))),
        new("unknown delivery tag in a reject", 406, "PRECONDITION_FAILED - unknown delivery tag 99",
            MethodId.BasicReject, c => c.Send(1, new BasicReject(99, true))),
        new("unknown delivery tag in a nack", 406, "PRECONDITION_FAILED - unknown delivery tag 99",
            MethodId.BasicNack, c => c.Send(1, new BasicNack(99))),
        new("commit without a transaction", 406, "PRECONDITION_FAILED - channel is not transactional",
            MethodId.TxCommit, c => c.Send(1, new TxCommit())),
        new("rollback without a transaction", 406, "PRECONDITION_FAILED - channel is not transactional",
            MethodId.TxRollback, c => c.Send(1, new TxRollback())),
        new("transaction on a confirming channel", 406,
            "PRECONDITION_FAILED - cannot switch from confirm to tx mode", MethodId.TxSelect,
            c => c.Send(1, new TxSelect()))
        {
            Prepare = c =>
            {
                c.Send(1, new ConfirmSelect());
                c.Expect<ConfirmSelectOk>(1);
            },
        },
        new("confirms on a transactional channel", 406,
            "PRECONDITION_FAILED - cannot switch from tx to confirm mode", MethodId.ConfirmSelect,
            c => c.Send(1, new ConfirmSelect()))
        {
            Prepare = c =>
            {
                c.Send(1, new TxSelect());
                c.Expect<TxSelectOk>(1);
            },
        },
        new("another user's id", 406,
            "PRECONDITION_FAILED - user_id property set to 'mallory' but authenticated user was 'guest'",
            MethodId.BasicPublish,
            c => c.Publish(1, "", "nowhere", "x", new BasicProperties { UserId = "mallory" })),
        new("an expiration that is no number", 406, "PRECONDITION_FAILED - invalid expiration 'abc'",
            MethodId.BasicPublish,
            c => c.Publish(1, "", "nowhere", "x", new BasicProperties { Expiration = "abc" })),
        new("CC that is no array", 406, "PRECONDITION_FAILED - invalid message", MethodId.BasicPublish,
            c => c.Publish(1, "", "nowhere", "x", new BasicProperties { Headers = new FieldTable().Add("CC", "k") })),
        new("prefetch size", 540, "NOT_IMPLEMENTED - prefetch_size!=0 (100)", MethodId.BasicQos,
            c => c.Send(1, new BasicQos(100, 0)))
        {
            OnlyLevada = true,
        },
        new("unknown type of exchange", 406, "PRECONDITION_FAILED - ", MethodId.ExchangeDeclare,
            c => c.Send(1, new ExchangeDeclare("D14", "nope")))
        {
            OnlyLevada = true,
        },
        new("direct reply-to without a consumer", 406, "PRECONDITION_FAILED - fast reply consumer does not exist",
            MethodId.BasicPublish,
            c => c.Publish(1, "", "nowhere", "x", new BasicProperties { ReplyTo = "amq.rabbitmq.reply-to" })),
        new("direct reply-to with acknowledgements", 406, "PRECONDITION_FAILED - reply consumer cannot acknowledge",
            MethodId.BasicConsume, c => c.Send(1, new BasicConsume("amq.rabbitmq.reply-to", "r"))),
    ];
}
