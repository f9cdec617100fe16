using Levada.Amqp;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// Whether a second declaration agrees with what is there (AMQP 0-9-1, sections 1.6.2.1 and 1.7.2.1), found out and
/// said as RabbitMQ does: arguments that mean something are compared, numbers by value; unknown ones are not.
/// </summary>
internal static class Equivalence
{
    /// <exception cref="AmqpException">
    /// 405: exclusive to another, or not as exclusive as asked; 406: differs.
    /// </exception>
    public static void Check(Queue queue, QueueDefinition asked)
    {
        if (asked.Exclusive ? !IsOwner(queue, asked.Owner) : queue.Exclusive)
            throw Errors.Locked(queue, MethodId.QueueDeclare);
        var fault = Different("durable", asked.Durable && !asked.Exclusive, queue.Durable)
            ?? Different("auto_delete", asked.AutoDelete, queue.AutoDelete)
            ?? DifferentType(queue, asked)
            ?? Different(QueueArguments.ComparedOf(queue.Type), asked.Arguments, queue.Arguments);
        if (fault is { } text)
            throw Differs(text, "queue", queue.Name, queue.VHost, MethodId.QueueDeclare);
    }

    /// <exception cref="AmqpException">406: differs.</exception>
    public static void Check(Exchange exchange, ExchangeDefinition asked)
    {
        var fault = Different("type", asked.Type.Name(), exchange.Type.Name())
            ?? Different("durable", asked.Durable, exchange.Durable)
            ?? Different("auto_delete", asked.AutoDelete, exchange.AutoDelete)
            ?? Different("internal", asked.Internal, exchange.Internal)
            ?? Different(ExchangeArguments.Names, asked.Arguments, exchange.Arguments);
        if (fault is { } text)
            throw Differs(text, "exchange", exchange.Name, exchange.VHost, MethodId.ExchangeDeclare);
    }

    private static bool IsOwner(Queue queue, object? owner) =>
        queue.Exclusive && owner is not null && ReferenceEquals(queue.Owner, owner);

    private static AmqpException Differs(
        (string Argument, string Values) fault, string kind, string name, string vhost, uint methodId) =>
        Errors.Precondition(
            $"inequivalent arg '{fault.Argument}' for {kind} '{name}' in vhost '{vhost}': {fault.Values}", methodId);

    private static (string, string)? Different(string field, bool asked, bool current) =>
        Different(field, asked ? "true" : "false", current ? "true" : "false");

    private static (string, string)? Different(string field, string asked, string current) =>
        asked == current ? null : (field, $"received '{asked}' but current is '{current}'");

    private static (string, string)? Different(IEnumerable<string> names, FieldTable asked, FieldTable current)
    {
        foreach (var name in names)
        {
            FieldValue? received = asked.TryGet(name, out var value) ? value : null;
            FieldValue? now = current.TryGet(name, out value) ? value : null;
            if (!IsSame(received, now))
                return (name, $"received {Describe(received)} but current is {Describe(now)}");
        }

        return null;
    }

    // Who said nothing and says nothing again is content with what there is, whatever the default has become.
    private static (string, string)? DifferentType(Queue queue, QueueDefinition asked)
    {
        const string Name = QueueArguments.Type;
        FieldValue? received = asked.Arguments.TryGet(Name, out var value) ? value : null;
        FieldValue? now = queue.Arguments.TryGet(Name, out value) ? value : null;
        if ((received is null && now is null) || asked.Type == queue.Type)
            return null;
        if (now is null && queue.Type != QueueType.Classic)
            now = FieldValue.String(queue.Type.Name());
        if (received is { Type: FieldType.LongString } and { } theirs && now is { } ours)
            return Different(Name, $"{theirs}", $"{ours}");
        return (Name, $"received {Describe(received)} but current is {Describe(now)}");
    }

    private static bool IsSame(FieldValue? asked, FieldValue? current) =>
        asked is { } received && current is { } now ? received.SameValue(now) : asked is null && current is null;

    private static string Describe(FieldValue? value) =>
        value is { } some ? $"the value '{some}' of type '{some.TypeName}'" : "none";
}
