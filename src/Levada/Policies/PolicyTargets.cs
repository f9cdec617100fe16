namespace Levada.Policies;

/// <summary>The names of <see cref="PolicyTarget"/>, and what each covers.</summary>
public static class PolicyTargets
{
    private static readonly string[] Names =
        ["all", "queues", "exchanges", "classic_queues", "quorum_queues", "streams"];

    /// <summary>All of them, as RabbitMQ writes them.</summary>
    public static IReadOnlyList<string> All => Names;

    public static string Name(this PolicyTarget target) => Names[(int)target];

    public static PolicyTarget? Find(string name) =>
        Array.IndexOf(Names, name) is >= 0 and var at ? (PolicyTarget)at : null;

    /// <summary>Whether a policy for this is one for the other: `queues` covers `classic_queues`.</summary>
    public static bool Covers(this PolicyTarget target, PolicyTarget kind) =>
        target == PolicyTarget.All || target == kind
            || (target == PolicyTarget.Queues && kind is not PolicyTarget.Exchanges);
}
