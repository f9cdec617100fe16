using System.Text.Json.Serialization;
using Levada.Exchanges;
using Levada.Management.Lists;
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

    /// <summary>Not there before anything was published to it.</summary>
    public ExchangeStats? MessageStats { get; init; }

    /// <summary>By channel; only where one exchange is asked for.</summary>
    public IReadOnlyList<ExchangeIncoming>? Incoming { get; init; }

    /// <summary>By the queues that it led to; only where one exchange is asked for.</summary>
    public IReadOnlyList<ExchangeOutgoing>? Outgoing { get; init; }

    /// <param name="exchange">Of which.</param>
    /// <param name="sample">What was published to it.</param>
    /// <param name="details">The rates of that.</param>
    public static ExchangeReply Of(Exchange exchange, ExchangeSample sample, Details details) => new()
    {
        MessageStats = sample.In == 0 ? null : new ExchangeStats(
            sample.In, details.Messages("publish_in"), sample.Out, details.Messages("publish_out")),
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

/// <summary>Messages published to an exchange, and how many queues they went to.</summary>
internal sealed record ExchangeStats(
    long PublishIn, RateReply PublishInDetails, long PublishOut, RateReply PublishOutDetails);

/// <summary>What an open channel published to the exchange.</summary>
internal sealed record ExchangeIncoming(ConsumerChannel ChannelDetails, PublishStats Stats);

/// <summary>What was published to the exchange and went to a queue, by whatever way.</summary>
internal sealed record ExchangeOutgoing(ConsumerQueue Queue, RouteStats Stats);
