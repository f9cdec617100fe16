namespace Levada.Management.OpenApi;

/// <summary>What each method of each path does, as a test holds it against what is mapped.</summary>
internal static class Operations
{
    public static IReadOnlyDictionary<string, Operation> All { get; } = Collect(
        ("Node", NodeOperations.All),
        ("Metrics", MetricsOperations.All),
        ("Cluster and health", ClusterOperations.All),
        ("Connections and channels", ClientOperations.All),
        ("Queues, exchanges and bindings", TopologyOperations.All),
        ("Users and rights", AccountOperations.All),
        ("Virtual hosts, policies and definitions", DefinitionOperations.All));

    private static Dictionary<string, Operation> Collect(
        params (string Tag, IReadOnlyDictionary<string, Operation> Operations)[] groups)
    {
        var all = new Dictionary<string, Operation>();
        foreach (var (tag, operations) in groups)
        {
            foreach (var (path, operation) in operations)
                all.Add(path, operation with { Tag = tag });
        }
        return all;
    }
}
