using Levada.Amqp;

namespace Levada.Warnings;

/// <summary>Something that may be opened and closed too often.</summary>
/// <param name="Name">The warning's.</param>
/// <param name="Things">In texts.</param>
/// <param name="Advice">What to change in the client.</param>
/// <param name="RateOf">From how many a second on it is too often; 0 is never.</param>
/// <param name="Opened">How many came.</param>
/// <param name="Closed">How many went.</param>
internal sealed record ChurnKind(
    string Name, string Things, string Advice, Func<WarningOptions, int> RateOf, Func<Churn, long> Opened,
    Func<Churn, long> Closed)
{
    public static IReadOnlyList<ChurnKind> All { get; } =
    [
        new(WarningName.ConnectionChurn, "connections",
            "Keep a connection open and use it again; a client that cannot keep one can go through a proxy that does",
            static o => o.ConnectionRate, static c => c.ConnectionsOpened, static c => c.ConnectionsClosed),
        new(WarningName.ChannelChurn, "channels", "Keep a channel a thread open and use it again, not one a message",
            static o => o.ChannelRate, static c => c.ChannelsOpened, static c => c.ChannelsClosed),
        new(WarningName.ConsumerChurn, "consumers",
            "Let a consumer consume on; for single messages use basic.get, for replies direct reply-to",
            static o => o.ConsumerRate, static c => c.ConsumersOpened, static c => c.ConsumersClosed),
        new(WarningName.QueueChurn, "queues",
            "Declare a queue once and use it again; for replies to requests use direct reply-to",
            static o => o.QueueRate, static c => c.QueuesCreated, static c => c.QueuesDeleted),
    ];
}
