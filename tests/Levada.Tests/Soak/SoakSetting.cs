namespace Levada.Tests.Soak;

/// <summary>What everyone in a soak has in common.</summary>
internal sealed record SoakSetting(
    SoakBroker Broker, FaultyProxy Proxy, Findings Findings, SoakCounts Counts, int Seed);
