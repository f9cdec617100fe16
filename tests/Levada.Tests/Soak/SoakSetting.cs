namespace Levada.Tests.Soak;

/// <summary>What everyone in a soak has in common.</summary>
internal sealed record SoakSetting(
    SoakBroker Broker, FaultyProxy Proxy, Findings Findings, SoakCounts Counts, int Seed)
{
    /// <summary>Decisions of one of the clients, told apart by kind and number.</summary>
    public Simulation.Dice DiceOf(int kind, int number) => new((Seed ^ (kind << 8)) + number);
}
