using Levada.Exchanges;
using Levada.Protocol;

namespace Levada.Catalog;

/// <summary>What exchange.declare asks for.</summary>
public sealed record ExchangeDefinition(
    string Name, ExchangeType Type, bool Durable, bool AutoDelete, bool Internal, FieldTable Arguments)
{
    /// <summary>Null if the arguments name no alternate exchange.</summary>
    public string? AlternateExchange =>
        Arguments.TryGet(AlternateArgument, out var value) || Arguments.TryGet(OldAlternateArgument, out value)
            ? value.TryGetString(out var name) ? name : null
            : null;

    /// <summary>See <see cref="Exchange.RoutingType"/>.</summary>
    public ExchangeType RoutingType => Type.Routing(Arguments);

    public const string AlternateArgument = "alternate-exchange";

    public const string OldAlternateArgument = "x-alternate-exchange";
}
