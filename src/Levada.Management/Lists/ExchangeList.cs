using System.Text.Json;
using Levada.Amqp;
using Levada.Exchanges;
using Levada.Management.Api;

namespace Levada.Management.Lists;

/// <summary>Exchanges in lists.</summary>
internal static class ExchangeList
{
    /// <summary>Of all exchanges.</summary>
    public static RatesOf<Exchange, ExchangeSample> Rates { get; } = new(new ExchangeSample(0, 0));

    /// <summary>For one request: what was published is added up when a field of it is asked for.</summary>
    public static ListKind<Exchange> Kind(Broker broker)
    {
        var counts = new Lazy<ExchangeCounts>(broker.Connections.CountExchanges);
        return new ListKind<Exchange>
        {
            Name = static exchange => exchange.Name,
            Write = (json, exchange) =>
            {
                var now = Sample(exchange);
                JsonSerializer.Serialize(
                    json, ExchangeReply.Of(exchange, now, RatesAt(exchange, now)), ApiJson.Default.ExchangeReply);
                return true;
            },
            Fields = new Dictionary<string, Func<Exchange, ListValue>>
            {
                ["name"] = static e => e.Name,
                ["vhost"] = static e => e.VHost,
                ["type"] = static e => e.Type.Name(),
                ["durable"] = static e => e.Durable,
                ["auto_delete"] = static e => e.AutoDelete,
                ["internal"] = static e => e.Internal,
                ["policy"] = static e => e.Policies.Own?.Name,
                ["message_stats.publish_in"] = e => Sample(e).In,
                ["message_stats.publish_out"] = e => Sample(e).Out,
                ["message_stats.publish_in_details.rate"] = e => RatesAt(e, Sample(e)).Messages("publish_in").Rate,
                ["message_stats.publish_out_details.rate"] = e => RatesAt(e, Sample(e)).Messages("publish_out").Rate,
            },
            Order = static (a, b) => string.CompareOrdinal(a.VHost, b.VHost) is not 0 and var order
                ? order
                : string.CompareOrdinal(a.Name, b.Name),
            Definition =
            [
                "name", "vhost", "type", "durable", "auto_delete", "internal", "arguments",
            ],
        };

        ExchangeSample Sample(Exchange exchange) => ExchangeSample.Of(exchange, counts.Value);
    }

    public static Details RatesAt(Exchange exchange, ExchangeSample now)
    {
        var (before, over) = Rates.Look(exchange, now);
        return Figures.Exchanges.Rates(now, before, over);
    }
}
