using Levada.Catalog;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Exchanges;

/// <summary>Finds the queues of dead letters, for one shard. Owner: its turn.</summary>
internal sealed class DeadLetterRoutes
{
    private readonly CatalogStore _catalog;
    private readonly RouteResult _result = new();
    private readonly RememberDeadLetter _remember;
    private Exchange? _exchange;
    private int _version;

    public DeadLetterRoutes(CatalogStore catalog)
    {
        _catalog = catalog;
        _remember = Remember;
    }

    /// <summary>See <see cref="DeadLetterRoute"/>.</summary>
    public ReadOnlySpan<Queue> Find(
        Queue source, ReadOnlySpan<byte> exchange, ReadOnlySpan<byte> routingKey, ReadOnlySpan<byte> properties,
        out RememberDeadLetter? remember)
    {
        _result.Clear();
        remember = null;
        if (_catalog.FindVHost(source.VHost)?.FindExchange(exchange) is { } found
            && BasicPropertiesReader.TryRead(properties, out var reader))
        {
            _exchange = found;
            _version = found.Version;
            Router.Route(found, routingKey, reader, _result);
            if (_result.HasHistory && RecentHistory.Wants(reader.HeadersBytes))
                remember = _remember;
        }
        return _result.Queues;
    }

    // Who binds shows the binding first and takes the history then; here it is the other way round.
    private ReadOnlySpan<Queue> Remember(ReadOnlySpan<byte> message, BodyFile? body)
    {
        foreach (var exchange in _result.Exchanges.Items)
            exchange.History?.Add(message, default, body);
        if (_exchange!.Version != _version)
        {
            var stored = new StoredMessage(message);
            BasicPropertiesReader.TryRead(stored.Properties, out var properties);
            Router.RouteAgain(_exchange, stored.RoutingKey, properties, _result);
        }
        return _result.Queues;
    }
}
