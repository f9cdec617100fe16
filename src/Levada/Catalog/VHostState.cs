using System.Collections.Immutable;
using Levada.Exchanges;
using Levada.Policies;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>The newest state of a virtual host at one moment, taken under the catalog's lock.</summary>
internal sealed class VHostState(VHost vhost)
{
    public string Name { get; } = vhost.Name;

    public VHostLimits Limits { get; } = vhost.NewestLimits;

    public VHostMetadata Metadata { get; } = vhost.NewestMetadata;

    public VHostPolicies Policies { get; } = vhost.NewestPolicies;

    public ImmutableDictionary<(string Component, string Name), Parameter> Parameters { get; } =
        vhost.NewestParameters;

    public ByteMap<Queue> Queues { get; } = vhost.NewestQueues;

    public List<(Exchange Exchange, BindingTable Bindings)> Exchanges { get; } =
        vhost.NewestExchanges.Values().ConvertAll(static exchange => (exchange, exchange.Newest));
}
