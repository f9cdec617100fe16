namespace Levada.Cli.Perf.Scenarios;

/// <summary>Rounds of all channels a second, and how many each made: the least, the median and the most.</summary>
internal sealed record BusyChannelsResult(
    int Connections, int Channels, double PerSecond, long Least, long Median, long Most);
