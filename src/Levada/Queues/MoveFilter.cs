using System.Text;
using Levada.Protocol;

namespace Levada.Queues;

/// <summary>Which messages are to be moved: those that have all of it.</summary>
/// <param name="RoutingKey">As it was published; null: any.</param>
/// <param name="Headers">Each with this value, numbers compared by value; empty: any.</param>
public sealed record MoveFilter(string? RoutingKey, FieldTable Headers)
{
    private readonly byte[]? _routingKey = RoutingKey is null ? null : Encoding.UTF8.GetBytes(RoutingKey);

    internal bool Matches(scoped StoredMessage message)
    {
        if (_routingKey is not null && !message.RoutingKey.SequenceEqual(_routingKey))
            return false;
        if (Headers.Count == 0)
            return true;
        if (!FieldTable.TryDecode(BasicPropertiesReader.OfChecked(message.Properties).HeadersBytes, out var headers))
            return false;
        foreach (var (key, wanted) in Headers)
        {
            if (!headers.TryGet(key, out var value) || !value.SameValue(wanted))
                return false;
        }
        return true;
    }
}
