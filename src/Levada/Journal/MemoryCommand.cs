using Levada.Accounting;
using Levada.Queues;

namespace Levada.Journal;

/// <summary>Adds up the memory of a shard's queues and its store. Piece by piece: there may be very many.</summary>
internal sealed class MemoryCommand(IReadOnlyList<Queue> queues) : ShardWork
{
    private const int QueuesPerTurn = 1_000;

    private readonly TaskCompletionSource<ShardMemory> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ShardMemory _memory = new();
    private int _next;

    /// <summary>What it came to.</summary>
    public Task<ShardMemory> Done => _done.Task;

    protected internal override void Run(Shard shard)
    {
        for (var end = Math.Min(queues.Count, _next + QueuesPerTurn); _next < end; _next++)
        {
            if (!queues[_next].State.IsDropped)
                queues[_next].State.AddTo(_memory);
        }
        if (_next < queues.Count)
        {
            shard.Post(this);
            return;
        }
        shard.Store.AddTo(_memory);
        _done.SetResult(_memory);
    }
}
