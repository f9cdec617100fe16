using Levada.Exchanges;

namespace Levada.Management.Api;

/// <summary>An exchange that something else is told of.</summary>
internal sealed record ExchangeName(string Name, string Vhost)
{
    public static ExchangeName Of(Exchange exchange) => new(exchange.Name, exchange.VHost);
}
