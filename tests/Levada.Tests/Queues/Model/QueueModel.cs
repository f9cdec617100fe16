namespace Levada.Tests.Queues.Model;

/// <summary>Queues whose dead letters go to each other, and what a client did with them.</summary>
internal sealed class QueueModel(params ModelQueue[] queues)
{
    public IReadOnlyList<ModelQueue> Queues { get; } = queues;

    public long NowMs { get; private set; }

    /// <summary>Dead letters that were dropped because nobody would have stopped them.</summary>
    public int Cycles { get; private set; }

    public int DeadLettered { get; private set; }

    public void Pass(int ms)
    {
        NowMs += ms;
        Settle();
    }

    /// <summary>Until nothing moves by itself any more.</summary>
    public void Settle()
    {
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var queue in Queues)
            {
                foreach (var (message, reason) in queue.EndTurn(NowMs))
                {
                    moved = true;
                    Move(message, reason, queue, Queues.Single(q => q.Name == queue.DeadLetterTo));
                }
            }
        }
    }

    public void Restart()
    {
        foreach (var queue in Queues)
            queue.Restart();
        Settle();
    }

    private void Move(ModelMessage message, string reason, ModelQueue from, ModelQueue to)
    {
        var known = message.Deaths.Find(d => d.Queue == from.Name && d.Reason == reason);
        if (known is not null)
            message.Deaths.Remove(known);
        message.Deaths.Insert(0, new ModelDeath(from.Name, reason, (known?.Count ?? 0) + 1));
        var before = message.Deaths.FindIndex(d => d.Queue == to.Name);
        if (before >= 0 && message.Deaths.Take(before + 1).All(static d => d.Reason != "rejected"))
        {
            Cycles++;
            return;
        }
        DeadLettered++;
        message.ExpirationMs = null;
        message.Attempts = 0;
        message.IsRedelivered = false;
        to.Publish(message, NowMs);
    }
}
