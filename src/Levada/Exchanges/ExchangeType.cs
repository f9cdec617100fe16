using Levada.Protocol;
using Levada.Queues;

namespace Levada.Exchanges;

/// <summary>
/// How an exchange chooses among its bindings (AMQP 0-9-1, section 3.1.3, and extensions of RabbitMQ).
/// </summary>
public enum ExchangeType
{
    /// <summary>The binding key equals the routing key.</summary>
    Direct,

    /// <summary>Every binding.</summary>
    Fanout,

    /// <summary>The binding key is a pattern over the words of the routing key.</summary>
    Topic,

    /// <summary>The binding's arguments are compared with the message's headers.</summary>
    Headers,

    /// <summary>A hash of the message chooses one binding; the binding key is its weight.</summary>
    ConsistentHash,

    /// <summary>The remainder of the routing key's hash by the number of bindings chooses one.</summary>
    ModulusHash,

    /// <summary>Any one binding.</summary>
    Random,

    /// <summary>Any one binding to a queue of this node.</summary>
    LocalRandom,

    /// <summary>Every binding; a new one gets the last messages too.</summary>
    RecentHistory,

    /// <summary>As another type does, but first holds messages back for as long as they ask.</summary>
    DelayedMessage,
}

/// <summary>The names of the exchange types as they go over the wire.</summary>
public static class ExchangeTypes
{
    public static bool TryParse(string name, out ExchangeType type)
    {
        (var known, type) = name switch
        {
            "direct" => (true, ExchangeType.Direct),
            "fanout" => (true, ExchangeType.Fanout),
            "topic" => (true, ExchangeType.Topic),
            "headers" => (true, ExchangeType.Headers),
            "x-consistent-hash" => (true, ExchangeType.ConsistentHash),
            "x-modulus-hash" => (true, ExchangeType.ModulusHash),
            "x-random" => (true, ExchangeType.Random),
            "x-recent-history" => (true, ExchangeType.RecentHistory),
            "x-local-random" => (true, ExchangeType.LocalRandom),
            "x-delayed-message" or "x-delayed-exchange" => (true, ExchangeType.DelayedMessage),
            _ => (false, default),
        };
        return known;
    }

    public static string Name(this ExchangeType type) => type switch
    {
        ExchangeType.Direct => "direct",
        ExchangeType.Fanout => "fanout",
        ExchangeType.Topic => "topic",
        ExchangeType.ConsistentHash => "x-consistent-hash",
        ExchangeType.ModulusHash => "x-modulus-hash",
        ExchangeType.Random => "x-random",
        ExchangeType.RecentHistory => "x-recent-history",
        ExchangeType.LocalRandom => "x-local-random",
        ExchangeType.DelayedMessage => "x-delayed-message",
        _ => "headers",
    };

    /// <summary>
    /// The type by which an exchange chooses among its bindings: of one that delays it is among its arguments, checked.
    /// </summary>
    public static ExchangeType Routing(this ExchangeType type, FieldTable arguments) =>
        type == ExchangeType.DelayedMessage && arguments.TryGet(Delay.TypeArgument, out var value)
            && value.TryGetString(out var name) && TryParse(name, out var routing)
            ? routing
            : type;
}
