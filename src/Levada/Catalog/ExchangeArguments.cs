using Levada.Amqp;
using Levada.Protocol;

namespace Levada.Catalog;

/// <summary>The arguments of exchange.declare that mean something.</summary>
internal static class ExchangeArguments
{
    /// <summary>Those that two declarations must agree on.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [ExchangeDefinition.AlternateArgument, ExchangeDefinition.OldAlternateArgument];

    /// <exception cref="AmqpException">406: an alternate exchange is not named by a string.</exception>
    public static void CheckAlternate(string exchange, string vhost, FieldTable arguments)
    {
        foreach (var name in Names)
        {
            if (!arguments.TryGet(name, out var value) || value.Type == FieldType.LongString)
                continue;
            throw Errors.Precondition(
                $"invalid type '{value.TypeName}' for arg '{name}' in exchange '{exchange}' in vhost '{vhost}'",
                MethodId.ExchangeDeclare);
        }
    }
}
