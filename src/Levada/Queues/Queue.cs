using System.Text;
using Levada.Counting;
using Levada.Journal;
using Levada.Policies;
using Levada.Protocol;

namespace Levada.Queues;

/// <summary>
/// A queue, as everyone may hold it: its definition, which never changes, and figures that its shard keeps up to date
/// (written on the shard's turn, read by anyone).
/// </summary>
public sealed class Queue
{
    private bool _isDeleted;
    private bool _hasRoom;
    private bool _isPaused;
    private QueueSettings? _settings;
    private ArrivalTable? _arrived;

    public required QueueId Id { get; init; }

    public required string VHost { get; init; }

    public required string Name { get; init; }

    public required Shard Shard { get; init; }

    /// <summary>It and its persistent messages outlive a restart. Never true for an exclusive one.</summary>
    public required bool Durable { get; init; }

    /// <summary>Only the declaring connection may use it, and it goes with that connection.</summary>
    public required bool Exclusive { get; init; }

    public required bool AutoDelete { get; init; }

    /// <summary>By its arguments, or as its virtual host had it when it was declared.</summary>
    public QueueType Type { get; init; }

    /// <summary>It keeps every message over a restart, whatever its delivery mode.</summary>
    public bool KeepsAll => Type == QueueType.Quorum;

    public FieldTable Arguments { get; init; } = FieldTable.Empty;

    /// <summary>
    /// What it does with its messages by itself. Replaced on its shard's turn (<see cref="QueueState.Apply"/>), read by
    /// anyone.
    /// </summary>
    public QueueSettings Settings
    {
        get => Volatile.Read(ref _settings) ?? QueueSettings.None;
        internal set => Volatile.Write(ref _settings, value);
    }

    /// <summary>The policies that count for it.</summary>
    public AppliedPolicies Policies
    {
        get => Volatile.Read(ref field);
        internal set => Volatile.Write(ref field, value);
    } = AppliedPolicies.None;

    /// <summary>The same, with changes that are not durable yet. Under the catalog's lock.</summary>
    internal AppliedPolicies NewestPolicies { get; set; } = AppliedPolicies.None;

    /// <summary>Those that count when it is declared.</summary>
    internal AppliedPolicies InitialPolicies
    {
        init => Policies = NewestPolicies = value;
    }

    /// <summary>x-single-active-consumer: of its consumers one is served, until it goes.</summary>
    public bool SingleActiveConsumer =>
        Arguments.TryGet("x-single-active-consumer", out var value) && value.Type == FieldType.Boolean
            && value.AsBoolean;

    /// <summary>x-max-priority: messages of a higher one count as of this. 0 is a queue without priorities.</summary>
    public int MaxPriority =>
        Arguments.TryGet("x-max-priority", out var value) && value.TryGetInteger(out var most)
            ? (int)Math.Clamp(most, 0, byte.MaxValue)
            : 0;

    /// <summary>The connection that declared an exclusive queue; null for others.</summary>
    public object? Owner { get; init; }

    /// <summary>
    /// Here wait the delayed messages of the exchange whose name it has. No name leads to such a queue, only the
    /// exchange does.
    /// </summary>
    internal bool IsDelayQueue { get; init; }

    /// <summary>The name as it travels.</summary>
    public byte[] NameUtf8 => field ??= Encoding.UTF8.GetBytes(Name);

    /// <summary>Set once, by the catalog, when the name no longer leads here.</summary>
    public bool IsDeleted
    {
        get => Volatile.Read(ref _isDeleted);
        internal set => Volatile.Write(ref _isDeleted, value);
    }

    /// <summary>An operator has stopped its deliveries.</summary>
    public bool IsPaused
    {
        get => Volatile.Read(ref _isPaused);
        internal set => Volatile.Write(ref _isPaused, value);
    }

    /// <summary>The same, with changes that are not durable yet. Under the catalog's lock.</summary>
    internal bool IsNewestPaused { get; set; }

    /// <summary>Whether a consumer could take a message now: what publishing with `immediate` asks.</summary>
    public bool HasRoom
    {
        get => Volatile.Read(ref _hasRoom);
        internal set => Volatile.Write(ref _hasRoom, value);
    }

    public long Ready { get; internal set; }

    public long Unacked { get; internal set; }

    /// <summary>Body bytes of the ready messages.</summary>
    public long ReadyBytes { get; internal set; }

    /// <summary>Body bytes of the unacknowledged messages.</summary>
    public long UnackedBytes { get; internal set; }

    public int ConsumerCount { get; internal set; }

    /// <summary>The consumer that is served, of a queue with x-single-active-consumer; null if there is none.</summary>
    public string? SingleActiveConsumerTag => SingleActiveConsumer ? State.Consumers.Active?.Tag : null;

    /// <summary>The consumer that wants to be the only one; null if there is none.</summary>
    public string? ExclusiveConsumerTag => State.Consumers.Exclusive?.Tag;

    public DeliveryCounters Counters { get; } = new();

    /// <summary>Where its messages came from, by channels that are closed.</summary>
    internal ArrivalTable Arrived => LazyInitializer.EnsureInitialized(ref _arrived);

    /// <summary>The same; null if there is nothing in it.</summary>
    internal ArrivalTable? ArrivedOrNone => Volatile.Read(ref _arrived);

    /// <summary>What it holds and has done now.</summary>
    public QueueSample TakeSample() => new(Ready, Unacked, Counters.Copy());

    /// <summary>What its coming and going is counted with: its creator's; null for one from before the start.</summary>
    internal object? CountedFor { get; init; }

    /// <summary>Owner: the shard's turn; set when the queue is attached, before it is visible.</summary>
    internal QueueState State { get; set; } = null!;
}
