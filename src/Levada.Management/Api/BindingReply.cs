using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Management.Api;

/// <summary>A binding, with RabbitMQ's keys.</summary>
internal sealed record BindingReply
{
    public required string Source { get; init; }

    public required string Vhost { get; init; }

    public required string Destination { get; init; }

    public required string DestinationType { get; init; }

    public required string RoutingKey { get; init; }

    [JsonConverter(typeof(FieldTableConverter))]
    public required FieldTable Arguments { get; init; }

    /// <summary>Names it among those of the same source and destination: the last part of its path.</summary>
    public required string PropertiesKey { get; init; }

    public static BindingReply Of(Binding binding) => new()
    {
        Source = binding.Source.Name,
        Vhost = binding.Source.VHost,
        Destination = binding.DestinationName,
        DestinationType = binding.Queue is null ? "exchange" : "queue",
        RoutingKey = binding.RoutingKey,
        Arguments = binding.Arguments,
        PropertiesKey = KeyOf(binding.RoutingKey, binding.Arguments),
    };

    /// <summary>The one that every queue has with the default exchange.</summary>
    public static BindingReply OfDefault(Queue queue) => new()
    {
        Source = "",
        Vhost = queue.VHost,
        Destination = queue.Name,
        DestinationType = "queue",
        RoutingKey = queue.Name,
        Arguments = FieldTable.Empty,
        PropertiesKey = KeyOf(queue.Name, FieldTable.Empty),
    };

    /// <summary>Whether the last part of a path, decoded, names it. Clients escape it once or twice.</summary>
    public bool IsNamed(string key) =>
        key == PropertiesKey || key == WebUtility.UrlDecode(PropertiesKey)
        || WebUtility.UrlDecode(key) == WebUtility.UrlDecode(PropertiesKey);

    /// <summary>
    /// As RabbitMQ: the key, escaped; a tilde and a hash of the arguments, if there are any; a tilde if there is
    /// nothing.
    /// </summary>
    public static string KeyOf(string routingKey, FieldTable arguments)
    {
        var key = Uri.EscapeDataString(routingKey).Replace("%20", "+", StringComparison.Ordinal)
            .Replace("~", "%7E", StringComparison.Ordinal);
        if (arguments.Count == 0)
            return key.Length == 0 ? "~" : key;
        var sorted = new FieldTable();
        foreach (var (name, value) in arguments.OrderBy(static field => field.Key, StringComparer.Ordinal))
            sorted.Add(name, value);
        var hash = SHA256.HashData(sorted.ToBytes()).AsSpan(0, 16);
        return $"{key}~{Base64Url.EncodeToString(hash)}";
    }
}
