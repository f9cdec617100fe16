using System.Text.Json.Serialization;
using Levada.Exchanges;
using Levada.Protocol;

namespace Levada.Management.Api;

/// <summary>An exchange, with RabbitMQ's keys.</summary>
internal sealed record ExchangeReply
{
    public required string Name { get; init; }

    public required string Vhost { get; init; }

    public required string Type { get; init; }

    public required bool Durable { get; init; }

    public required bool AutoDelete { get; init; }

    public required bool Internal { get; init; }

    [JsonConverter(typeof(FieldTableConverter))]
    public required FieldTable Arguments { get; init; }

    /// <summary>The name of the policy that counts for it.</summary>
    public string? Policy { get; init; }

    /// <summary>Only of one that holds messages back.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? MessagesDelayed { get; init; }

    public static ExchangeReply Of(Exchange exchange) => new()
    {
        Name = exchange.Name,
        Vhost = exchange.VHost,
        Type = exchange.Type.Name(),
        Durable = exchange.Durable,
        AutoDelete = exchange.AutoDelete,
        Internal = exchange.Internal,
        Arguments = exchange.Arguments,
        Policy = exchange.Policies.Own?.Name,
        MessagesDelayed = exchange.Type == ExchangeType.DelayedMessage ? exchange.MessagesDelayed : null,
    };
}
