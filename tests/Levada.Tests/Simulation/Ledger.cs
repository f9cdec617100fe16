using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>
/// Every message of a run and what clients saw of it. Clients read at their own pace, so what two of them saw has no
/// order: the checks count, and hold whichever came first.
/// </summary>
internal sealed class Ledger
{
    private readonly List<Message> _messages = [];
    private readonly Dictionary<string, long> _lostByRight = new(StringComparer.Ordinal);
    private readonly HashSet<string> _mayLoseUnread = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _seenWithoutAck = new(StringComparer.Ordinal);

    public int Count => _messages.Count;

    public int NextId => _messages.Count;

    /// <summary>Starts of the broker so far.</summary>
    public int Life { get; private set; }

    /// <summary>The last stop was not clean: all that is still there may have been delivered before.</summary>
    public int LastCrash { get; private set; }

    public void Add(Message message) => _messages.Add(message);

    public Message Find(string id) =>
        int.TryParse(id, out var number) && number >= 0 && number < _messages.Count
            ? _messages[number]
            : throw new SimulationFailure(S1_frames_are_well_formed, $"a message '{id}' that nobody published");

    /// <summary>Notes that a client has read a delivery.</summary>
    public void Delivered(Message message, string queue, bool redelivered, bool noAck)
    {
        if (message.IsHidden || message.IsForgotten || message.IsReturned || message.IsUnroutable)
        {
            throw new SimulationFailure(
                S15_what_was_not_taken_is_not_delivered,
                $"{message} from {queue}: {(message.IsReturned ? "returned" : "not committed or unroutable")}");
        }
        if (message.Life < Life && (!message.Persistent || !Names.MayBeDurable(queue)))
        {
            throw new SimulationFailure(
                S15_what_was_not_taken_is_not_delivered, $"{message} is back, and is not durable");
        }
        if (!redelivered && message.Life < LastCrash)
            throw new SimulationFailure(S9_once_without_redelivered, $"{message} is from before the crash");
        if (!message.Traces.TryGetValue(queue, out var trace))
            message.Traces.Add(queue, trace = new Trace());
        if (trace.IsSettledDurably)
            throw new SimulationFailure(S10_settled_never_comes_back, $"{message} from {queue}, after a crash");
        trace.Deliveries++;
        if (!redelivered && ++trace.Fresh > 1)
            throw new SimulationFailure(S9_once_without_redelivered, $"{message} from {queue}");
        if (!noAck)
            return;
        _seenWithoutAck[queue] = SeenWithoutAck(queue) + 1;
        Settled(message, queue);
    }

    public static void Settled(Message message, string queue)
    {
        if (++message.Traces[queue].Settled > 1)
            throw new SimulationFailure(S10_settled_never_comes_back, $"{message} from {queue} was settled twice");
    }

    public static void MaybeSettled(Message message, string queue) => message.Traces[queue].MaybeSettled = true;

    /// <summary>It was rolled back, or never committed.</summary>
    public static void Forgotten(Message message)
    {
        message.IsForgotten = true;
        if (message.Traces.Count > 0)
            throw new SimulationFailure(S15_what_was_not_taken_is_not_delivered, $"{message} was not committed");
    }

    /// <summary>A settle of all was sent to these, and its channel ended before all that it covers was read.</summary>
    public void MayLoseUnread(IEnumerable<string> queues) => _mayLoseUnread.UnionWith(queues);

    public long SeenWithoutAck(string queue) => _seenWithoutAck.GetValueOrDefault(queue);

    /// <summary>All that happened until now is on disk.</summary>
    public void Synced()
    {
        foreach (var trace in _messages.SelectMany(static m => m.Traces.Values))
            trace.IsSettledDurably |= trace.Settled > 0;
    }

    /// <summary>
    /// The broker starts again, after a clean stop or with what a crash has left of the last instants.
    /// </summary>
    /// <param name="wasClean">Nothing durable is lost.</param>
    /// <param name="deliveredWithoutAck">By queue, in the life that has ended.</param>
    public void Restarted(bool wasClean, IReadOnlyDictionary<string, long> deliveredWithoutAck)
    {
        Life++;
        if (!wasClean)
            LastCrash = Life;
        foreach (var (queue, delivered) in deliveredWithoutAck)
            _lostByRight[queue] = _lostByRight.GetValueOrDefault(queue) + delivered - SeenWithoutAck(queue);
        _seenWithoutAck.Clear();
        foreach (var message in _messages)
        {
            var stays = message.Persistent && (wasClean || message.IsConfirmed);
            message.MustReach = stays ? [.. message.MustReach.Intersect(Names.StableDurable)] : [];
            if (wasClean)
                continue;
            foreach (var trace in message.Traces.Values.Where(static t => !t.IsSettledDurably && t.Settled > 0))
                (trace.Settled, trace.MaybeSettled) = (0, true);
        }
    }

    /// <summary>
    /// After the queue is drained: all that was taken has been settled. What the broker counted as delivered without
    /// acknowledgement, or as settled by a settle of all, and no client has read is lost by right: with its connection.
    /// </summary>
    public void CheckNothingIsLost(string queue, long settled, long deliveredWithoutAck)
    {
        var missing = 0;
        var known = 0;
        Message? first = null;
        foreach (var message in _messages)
        {
            var trace = message.Traces.GetValueOrDefault(queue);
            if (trace is { Settled: > 0 })
                known++;
            else if (message.IsTaken && message.MustReach.Contains(queue) && trace is not { MaybeSettled: true })
            {
                missing++;
                first ??= message;
            }
        }
        if (Life > 0 && _mayLoseUnread.Contains(queue))
            return;
        var byRight = _mayLoseUnread.Contains(queue)
            ? settled + deliveredWithoutAck - known
            : _lostByRight.GetValueOrDefault(queue) + deliveredWithoutAck - SeenWithoutAck(queue);
        if (missing > byRight)
            throw new SimulationFailure(S11_nothing_is_lost, $"{missing} of {queue}, {byRight} by right; {first}");
    }
}
