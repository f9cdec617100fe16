namespace Levada.Tests.Soak;

/// <summary>What the broker says there is.</summary>
internal sealed record SoakObjects(int Connections, int Channels, int Consumers, int Queues, long Messages);
