namespace Levada.Tests.Simulation;

/// <summary>The few names that all clients fight over.</summary>
internal static class Names
{
    /// <summary>Queues that are declared first and never purged or deleted. The second is transient.</summary>
    public static readonly string[] Stable = ["s0", "s1", "s2"];

    /// <summary>Those of them that outlive a restart.</summary>
    public static readonly string[] StableDurable = ["s0", "s2"];

    /// <summary>A fanout exchange that leads to all of them, for ever.</summary>
    public const string StableExchange = "sx";

    /// <summary>Queues that come and go.</summary>
    public static readonly string[] Churning = ["q0", "q1", "q2", "q3"];

    /// <summary>Exchanges that come and go.</summary>
    public static readonly string[] Exchanges = ["x0", "x1", "x2"];

    public static readonly string[] ExchangeTypes = ["fanout", "topic", "direct"];

    public static readonly string[] Keys = ["a", "a.b", "b", "#", "*.b"];

    public static readonly string[] Tags = ["t0", "t1", "t2", "t3"];

    public static readonly ushort[] Channels = [1, 2, 7, 60_000];

    /// <summary>Whether a queue of this name can outlive a restart.</summary>
    public static bool MayBeDurable(string queue) => queue != "s1" && queue[0] != 'e';

    /// <summary>The exclusive queue of whoever has a place.</summary>
    public static string Exclusive(int slot) => $"e{slot}";
}
