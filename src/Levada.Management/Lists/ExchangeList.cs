using System.Text.Json;
using Levada.Exchanges;
using Levada.Management.Api;

namespace Levada.Management.Lists;

/// <summary>Exchanges in lists.</summary>
internal static class ExchangeList
{
    public static ListKind<Exchange> Kind { get; } = new()
    {
        Name = static exchange => exchange.Name,
        Write = static (json, exchange) =>
        {
            JsonSerializer.Serialize(json, ExchangeReply.Of(exchange), ApiJson.Default.ExchangeReply);
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
        },
        Order = static (a, b) => string.CompareOrdinal(a.VHost, b.VHost) is not 0 and var order
            ? order
            : string.CompareOrdinal(a.Name, b.Name),
        Definition =
        [
            "name", "vhost", "type", "durable", "auto_delete", "internal", "arguments", "user_who_performed_action",
        ],
    };
}
