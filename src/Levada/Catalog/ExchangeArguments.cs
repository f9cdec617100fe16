using Levada.Amqp;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// The arguments of exchange.declare that mean something, and what they may be. Others are kept and shown but neither
/// checked nor compared.
/// </summary>
internal static class ExchangeArguments
{
    /// <summary>Those that name the alternate exchange.</summary>
    public static IReadOnlyList<string> Alternates { get; } =
        [ExchangeDefinition.AlternateArgument, ExchangeDefinition.OldAlternateArgument];

    private static readonly string[] Hashing =
    [
        HashSource.HeaderArgument, HashSource.OldHeaderArgument, HashSource.PropertyArgument, HashAlgorithms.Argument,
    ];

    /// <summary>Those that two declarations must agree on.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Alternates, .. Hashing, .. DeduplicationArguments.Names, RecentHistory.LengthArgument, Delay.TypeArgument];

    /// <summary>Apart from the other checks, as it comes before the permissions on that exchange.</summary>
    /// <exception cref="AmqpException">406: an alternate exchange is not named by a string.</exception>
    public static void CheckAlternate(string exchange, string vhost, FieldTable arguments) =>
        CheckTexts(Alternates, exchange, vhost, arguments);

    /// <exception cref="AmqpException">406: an argument has a type or value that it cannot have.</exception>
    public static void Check(ExchangeDefinition exchange, string vhost, CatalogOptions options)
    {
        if (exchange.Type == ExchangeType.DelayedMessage)
            CheckDelayedType(exchange.Arguments);
        if (exchange.RoutingType == ExchangeType.ConsistentHash)
            CheckHashing(exchange, vhost);
        if (exchange.RoutingType == ExchangeType.RecentHistory)
            CheckHistory(exchange.Arguments);
        if (DeduplicationArguments.Fault(exchange.Arguments, options.DeduplicationCacheMax) is var (argument, fault))
            throw Invalid(argument, exchange, vhost, fault);
    }

    private static void CheckDelayedType(FieldTable arguments)
    {
        if (!arguments.TryGet(Delay.TypeArgument, out var value) || !value.TryGetString(out var name))
            throw Fault($"Invalid argument, '{Delay.TypeArgument}' must be an existing exchange type");
        if (!ExchangeTypes.TryParse(name, out var type))
            throw Errors.UnknownExchangeType(name);
        if (type == ExchangeType.DelayedMessage)
            throw Fault($"Invalid argument, '{name}' can't be used for '{Delay.TypeArgument}'");
    }

    private static void CheckHashing(ExchangeDefinition exchange, string vhost)
    {
        var arguments = exchange.Arguments;
        CheckTexts(Hashing, exchange.Name, vhost, arguments);
        if (arguments.TryGet(HashSource.PropertyArgument, out var property))
        {
            if (arguments.Contains(HashSource.HeaderArgument) || arguments.Contains(HashSource.OldHeaderArgument))
                throw Fault("hash-header and hash-property are mutually exclusive");
            if (HashSource.FindProperty(property.AsString) == BasicPropertyFlags.None)
                throw Fault($"Unsupported property: {property.AsString}");
        }

        if (arguments.TryGet(HashAlgorithms.Argument, out var name) && HashAlgorithms.Find(name.AsString) is null)
        {
            throw Invalid(
                HashAlgorithms.Argument, exchange, vhost, $"expected one of ring, jump, got '{name.AsString}'");
        }
    }

    private static void CheckHistory(FieldTable arguments)
    {
        if (!arguments.TryGet(RecentHistory.LengthArgument, out var length)
            || (length.TryGetInteger(out var number) && number > 0))
        {
            return;
        }

        var shown = length.TryGetString(out var text) ? ErlangTerm.Of(text) : $"{length}";
        throw Fault($"Invalid argument {shown}, '{RecentHistory.LengthArgument}' must be a positive integer");
    }

    private static void CheckTexts(
        IReadOnlyList<string> names, string exchange, string vhost, FieldTable arguments)
    {
        foreach (var name in names)
        {
            if (!arguments.TryGet(name, out var value) || value.Type == FieldType.LongString)
                continue;
            throw Fault(
                $"invalid type '{value.TypeName}' for arg '{name}' in exchange '{exchange}' in vhost '{vhost}'");
        }
    }

    private static AmqpException Invalid(string argument, ExchangeDefinition exchange, string vhost, string fault) =>
        Fault($"invalid arg '{argument}' for exchange '{exchange.Name}' in vhost '{vhost}': {fault}");

    private static AmqpException Fault(string text) => Errors.Precondition(text, MethodId.ExchangeDeclare);
}
