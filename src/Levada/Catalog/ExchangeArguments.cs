using Levada.Amqp;
using Levada.Exchanges;
using Levada.Protocol;

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

    private static readonly string[] Deduplicating =
    [
        Deduplication.Argument, Deduplication.SizeArgument, Deduplication.TtlArgument, Deduplication.HeaderArgument,
    ];

    /// <summary>Those that two declarations must agree on.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Alternates, .. Hashing, .. Deduplicating, RecentHistory.LengthArgument];

    /// <summary>Apart from the other checks, as it comes before the permissions on that exchange.</summary>
    /// <exception cref="AmqpException">406: an alternate exchange is not named by a string.</exception>
    public static void CheckAlternate(string exchange, string vhost, FieldTable arguments) =>
        CheckTexts(Alternates, exchange, vhost, arguments);

    /// <exception cref="AmqpException">406: an argument has a type or value that it cannot have.</exception>
    public static void Check(ExchangeDefinition exchange, string vhost, CatalogOptions options)
    {
        if (exchange.Type == ExchangeType.ConsistentHash)
            CheckHashing(exchange, vhost);
        if (exchange.Type == ExchangeType.RecentHistory)
            CheckHistory(exchange.Arguments);
        if (exchange.Arguments.TryGet(Deduplication.Argument, out var on))
            CheckDeduplication(exchange, vhost, on, options.DeduplicationCacheMax);
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

    private static void CheckDeduplication(ExchangeDefinition exchange, string vhost, FieldValue on, int sizeMax)
    {
        if (on.Type != FieldType.Boolean)
            throw Invalid(Deduplication.Argument, exchange, vhost, $"expected a bool, got {on.TypeName}");
        CheckTexts([Deduplication.HeaderArgument], exchange.Name, vhost, exchange.Arguments);
        if (exchange.Arguments.TryGet(Deduplication.SizeArgument, out var size)
            && !(size.TryGetInteger(out var number) && number >= 1 && number <= sizeMax))
        {
            throw Invalid(
                Deduplication.SizeArgument, exchange, vhost,
                $"expected an integer from 1 to {sizeMax} (deduplication_cache_max), got {Shown(size)}");
        }

        if (exchange.Arguments.TryGet(Deduplication.TtlArgument, out var ttl)
            && !(ttl.TryGetInteger(out number) && number >= 0))
        {
            throw Invalid(
                Deduplication.TtlArgument, exchange, vhost, $"expected a non-negative integer, got {Shown(ttl)}");
        }
    }

    private static string Shown(FieldValue value) => value.IsInteger ? $"{value}" : value.TypeName;

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
