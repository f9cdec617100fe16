using System.Text.Json;
using Levada.Exchanges;
using Levada.Management.Api;
using Levada.Queues;

namespace Levada.Management.Lists;

/// <summary>Bindings in lists, those that queues have with the default exchange too.</summary>
internal static class BindingList
{
    public static ListKind<Item> Kind { get; } = new()
    {
        Name = static b => $"{b.Source} {b.Destination} {b.RoutingKey}",
        Write = static (json, b) =>
        {
            JsonSerializer.Serialize(json, b.ToReply(), ApiJson.Default.BindingReply);
            return true;
        },
        Fields = new Dictionary<string, Func<Item, ListValue>>
        {
            ["source"] = static b => b.Source,
            ["vhost"] = static b => b.VHost,
            ["destination"] = static b => b.Destination,
            ["destination_type"] = static b => b.DestinationType,
            ["routing_key"] = static b => b.RoutingKey,
        },
        Order = static (a, b) => a.CompareTo(b),
    };

    /// <summary>A binding, or the one that a queue has by itself.</summary>
    internal readonly record struct Item(Binding? Binding, Queue? Bound) : IComparable<Item>
    {
        public string Source => Binding?.Source.Name ?? "";

        public string VHost => Binding?.Source.VHost ?? Bound!.VHost;

        public string Destination => Binding?.DestinationName ?? Bound!.Name;

        public string DestinationType => Binding is null || Binding.Queue is not null ? "queue" : "exchange";

        public string RoutingKey => Binding?.RoutingKey ?? Bound!.Name;

        public BindingReply ToReply() => Binding is null ? BindingReply.OfDefault(Bound!) : BindingReply.Of(Binding);

        /// <summary>By virtual host, source, destination and key.</summary>
        public int CompareTo(Item other)
        {
            var order = string.CompareOrdinal(VHost, other.VHost);
            if (order == 0)
                order = string.CompareOrdinal(Source, other.Source);
            if (order == 0)
                order = string.CompareOrdinal(Destination, other.Destination);
            return order != 0 ? order : string.CompareOrdinal(RoutingKey, other.RoutingKey);
        }
    }
}
