using Levada.Queues;

namespace Levada;

/// <summary>
/// The broker's figures at one moment, read without stopping anything: each is right, their sums nearly.
/// </summary>
public sealed record BrokerOverview
{
    /// <summary>How long since the listeners opened.</summary>
    public TimeSpan Uptime { get; init; }

    public int Connections { get; init; }

    public int Channels { get; init; }

    public int Exchanges { get; init; }

    /// <summary>What x-recent-history exchanges remember, large bodies on the disk included.</summary>
    public long RecentHistoryBytes { get; init; }

    /// <summary>Messages that x-delayed-message exchanges hold back.</summary>
    public long MessagesDelayed { get; init; }

    public int Queues { get; init; }

    public int Consumers { get; init; }

    public long MessagesReady { get; init; }

    public long MessagesUnacked { get; init; }

    public long MessageBytesReady { get; init; }

    public long MessageBytesUnacked { get; init; }

    /// <summary>Bytes free on the data folder's file system.</summary>
    public long DiskFree { get; init; }

    /// <summary>Below so many free bytes publishing is blocked.</summary>
    public long DiskFreeLimit { get; init; }

    /// <summary>Resident bytes of the process when last looked at.</summary>
    public long MemoryUsed { get; init; }

    /// <summary>Above so many resident bytes publishing is blocked; 0 is no limit.</summary>
    public long MemoryLimit { get; init; }

    public MessageTotals Messages { get; init; } = new();

    /// <summary>What queues have done, those that are gone included, by their type.</summary>
    public IReadOnlyList<(QueueType Type, DeliveryCounters Served)> Served { get; init; } = [];

    public ChurnTotals Churn { get; init; } = new();

    public PathTotals Path { get; init; } = new();

    /// <summary>Why publishing is blocked; empty if it is not.</summary>
    public IReadOnlyList<Alarm> Alarms { get; init; } = [];
}
