using Levada.Accounting;
using Levada.Amqp;

namespace Levada.Operations;

/// <summary>
/// The last requests of operators, and counts of all. Safe from any thread: one lock (_adding), a leaf.
/// </summary>
public sealed class AuditLog
{
    private readonly Lock _adding = new();
    private readonly Queue<AuditEntry> _entries = new();
    private readonly Dictionary<(OperatorAction, OperatorOutcome), long> _counts = [];
    private readonly BrokerOptions _options;

    internal AuditLog(BrokerOptions options) => _options = options;

    /// <summary>The last one first.</summary>
    public IReadOnlyList<AuditEntry> Entries
    {
        get
        {
            lock (_adding)
                return [.. _entries.Reverse()];
        }
    }

    /// <summary>How many are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_adding)
                return _entries.Count;
        }
    }

    /// <summary>Memory of those, nearly.</summary>
    internal long HeldBytes
    {
        get
        {
            lock (_adding)
            {
                return ObjectSize.Array<AuditEntry>(_entries.Capacity)
                    + _entries.Sum(static e => ObjectSize.Of<AuditEntry>()
                        + ObjectSize.String(e.User) + ObjectSize.String(e.Target) + ObjectSize.String(e.Reason));
            }
        }
    }

    /// <summary>How often something was asked for since the start, with what result.</summary>
    public long CountOf(OperatorAction action, OperatorOutcome outcome)
    {
        lock (_adding)
            return _counts.GetValueOrDefault((action, outcome));
    }

    internal void Add(AuditEntry entry)
    {
        var key = (entry.Action, entry.Result.Outcome);
        lock (_adding)
        {
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
            var max = _options.AuditHistoryMax;
            while (_entries.Count > 0 && _entries.Count >= max)
                _entries.Dequeue();
            if (max > 0)
                _entries.Enqueue(entry);
        }
    }
}
