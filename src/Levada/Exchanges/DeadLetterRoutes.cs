using Levada.Catalog;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Exchanges;

/// <summary>Finds the queues of dead letters, for one shard. Owner: its turn.</summary>
internal sealed class DeadLetterRoutes(CatalogStore catalog)
{
    private readonly RouteResult _result = new();

    /// <summary>See <see cref="DeadLetterRoute"/>.</summary>
    public ReadOnlySpan<Queue> Find(
        Queue source, ReadOnlySpan<byte> exchange, ReadOnlySpan<byte> routingKey, ReadOnlySpan<byte> properties)
    {
        _result.Clear();
        if (catalog.FindVHost(source.VHost)?.FindExchange(exchange) is { } found
            && BasicPropertiesReader.TryRead(properties, out var reader))
        {
            Router.Route(found, routingKey, reader, _result);
        }
        return _result.Queues;
    }
}
