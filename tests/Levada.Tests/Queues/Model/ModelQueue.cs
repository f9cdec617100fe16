using Levada.Protocol;

namespace Levada.Tests.Queues.Model;

/// <summary>
/// A queue as lists, with what RabbitMQ's documentation says that its arguments do: slow, and plainly right.
/// </summary>
internal sealed class ModelQueue
{
    private readonly List<ModelMessage> _ready = [];
    private readonly List<(ModelMessage Message, string Reason)> _ended = [];
    private long _next;

    public required string Name { get; init; }

    public int MaxPriority { get; init; }

    public int? TtlMs { get; init; }

    public int? MaxLength { get; init; }

    public int? MaxLengthBytes { get; init; }

    public string Overflow { get; init; } = "drop-head";

    public int? DeliveryLimit { get; init; }

    /// <summary>Where dead letters go; null if they are dropped.</summary>
    public string? DeadLetterTo { get; init; }

    /// <summary>In the order in which they are handed out.</summary>
    public IReadOnlyList<ModelMessage> Ready => _ready;

    public List<ModelMessage> Held { get; } = [];

    public FieldTable Arguments()
    {
        var arguments = new FieldTable();
        if (MaxPriority > 0)
            arguments.Add("x-max-priority", MaxPriority);
        if (Overflow != "drop-head")
            arguments.Add("x-overflow", Overflow);
        foreach (var (name, value) in (ReadOnlySpan<(string, int?)>)[
            ("x-message-ttl", TtlMs), ("x-max-length", MaxLength), ("x-max-length-bytes", MaxLengthBytes),
            ("x-delivery-limit", DeliveryLimit)])
        {
            if (value is { } number)
                arguments.Add(name, number);
        }
        if (DeadLetterTo is { } target)
            arguments.Add("x-dead-letter-exchange", "").Add("x-dead-letter-routing-key", target);
        return arguments;
    }

    /// <summary>False if it is full and refuses.</summary>
    public bool Publish(ModelMessage message, long nowMs)
    {
        DropExpired(nowMs);
        if (Overflow != "drop-head" && IsOver(_ready.Count + 1, Bytes + message.BodyBytes))
        {
            if (Overflow == "reject-publish-dlx")
                _ended.Add((message, "maxlen"));
            return false;
        }
        message.ArrivedAtMs = nowMs;
        message.Sequence = _next++;
        Insert(message);
        return true;
    }

    /// <summary>When the next message goes by itself.</summary>
    public long NextExpiryMs => ExpiryOf(_ready.FirstOrDefault());

    /// <summary>The same if the broker is stopped and started before.</summary>
    public long NextExpiryAfterRestartMs => ExpiryOf(_ready.Find(static m => m.IsPersistent));

    public void Requeue(ModelMessage message, bool failed)
    {
        Held.Remove(message);
        if (failed && DeliveryLimit is { } limit)
        {
            if (message.Attempts >= limit)
            {
                _ended.Add((message, "delivery_limit"));
                return;
            }
            message.Attempts++;
        }
        message.IsRedelivered = true;
        Insert(message);
    }

    public void Reject(ModelMessage message)
    {
        Held.Remove(message);
        _ended.Add((message, "rejected"));
    }

    public ModelMessage? Take(bool holds)
    {
        if (_ready.Count == 0)
            return null;
        var message = _ready[0];
        _ready.RemoveAt(0);
        if (holds)
            Held.Add(message);
        return message;
    }

    public int Purge()
    {
        var count = _ready.Count;
        _ready.Clear();
        return count;
    }

    /// <summary>What ended here, at the end of a turn, in its order.</summary>
    public List<(ModelMessage Message, string Reason)> EndTurn(long nowMs)
    {
        List<(ModelMessage, string)> rejected = [.. _ended];
        _ended.Clear();
        while (_ready.Count > 0 && Overflow == "drop-head" && IsOver(_ready.Count, Bytes))
        {
            if (!DropIfExpired(nowMs))
                _ended.Add((Take(holds: false)!, "maxlen"));
        }
        DropExpired(nowMs);
        rejected.InsertRange(0, _ended);
        _ended.Clear();
        return DeadLetterTo is null ? [] : rejected;
    }

    /// <summary>A stop in order and a start: what was held comes back, what is not durable is gone.</summary>
    public void Restart()
    {
        foreach (var message in Held.ToArray())
            Requeue(message, failed: false);
        _ready.RemoveAll(m => !m.IsPersistent);
    }

    private long Bytes => _ready.Sum(static m => (long)m.BodyBytes);

    private bool IsOver(int length, long bytes) => length > MaxLength || bytes > MaxLengthBytes;

    private void DropExpired(long nowMs)
    {
        while (DropIfExpired(nowMs))
        {
            // The next one may have expired, too.
        }
    }

    private bool DropIfExpired(long nowMs)
    {
        if (_ready.Count == 0 || _ready[0].ArrivedAtMs + Ttl(_ready[0]) > nowMs)
            return false;
        _ended.Add((Take(holds: false)!, "expired"));
        return true;
    }

    private long ExpiryOf(ModelMessage? message) =>
        message is null ? long.MaxValue : message.ArrivedAtMs + Ttl(message);

    private long Ttl(ModelMessage message) =>
        Math.Min(TtlMs ?? long.MaxValue / 2, message.ExpirationMs ?? long.MaxValue / 2);

    private void Insert(ModelMessage message)
    {
        _ready.Add(message);
        var sorted = _ready
            .OrderByDescending(m => Math.Min(m.Priority, MaxPriority)).ThenBy(static m => m.Sequence).ToList();
        _ready.Clear();
        _ready.AddRange(sorted);
    }
}
