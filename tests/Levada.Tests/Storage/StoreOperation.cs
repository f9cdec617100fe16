namespace Levada.Tests.Storage;

/// <summary>One step of a generated test; the numbers choose among what there is when it runs.</summary>
internal readonly record struct StoreOperation(StoreOperationKind Kind, int A, int B)
{
    private static readonly (StoreOperationKind Kind, int Weight)[] Weights =
    [
        (StoreOperationKind.Enqueue, 30),
        (StoreOperationKind.EnqueueMany, 8),
        (StoreOperationKind.EnqueueToSeveral, 8),
        (StoreOperationKind.TakeUnacked, 30),
        (StoreOperationKind.TakeAndSettle, 15),
        (StoreOperationKind.Hold, 6),
        (StoreOperationKind.Settle, 30),
        (StoreOperationKind.Requeue, 10),
        (StoreOperationKind.Transaction, 4),
        (StoreOperationKind.Purge, 1),
        (StoreOperationKind.Drop, 1),
        (StoreOperationKind.EndTurn, 25),
        (StoreOperationKind.Background, 25),
        (StoreOperationKind.Time, 3),
        (StoreOperationKind.Stop, 1),
        (StoreOperationKind.Kill, 1),
        (StoreOperationKind.Crash, 1),
    ];

    public static List<StoreOperation> Generate(int seed, int count)
    {
        var random = new Random(seed);
        int sum = Weights.Sum(weight => weight.Weight);
        var operations = new List<StoreOperation>();
        while (operations.Count < count)
        {
            int drawn = random.Next(sum);
            int i = 0;
            while (drawn >= Weights[i].Weight)
                drawn -= Weights[i++].Weight;
            operations.Add(new StoreOperation(Weights[i].Kind, random.Next(), random.Next()));
        }

        return operations;
    }

    /// <summary>Leaves out halves, then quarters, and so on, of a failing test, as long as it still fails.</summary>
    public static List<StoreOperation> Shrink(List<StoreOperation> failing, Func<List<StoreOperation>, bool> fails)
    {
        for (int size = failing.Count / 2; size > 0; size /= 2)
        {
            for (int start = 0; start + size <= failing.Count;)
            {
                List<StoreOperation> shorter = [.. failing.Take(start), .. failing.Skip(start + size)];
                if (fails(shorter))
                    failing = shorter;
                else
                    start += size;
            }
        }

        return failing;
    }
}

internal enum StoreOperationKind
{
    Enqueue,
    EnqueueMany,
    EnqueueToSeveral,
    TakeUnacked,
    TakeAndSettle,
    Hold,
    Settle,
    Requeue,
    Transaction,
    Purge,
    Drop,
    EndTurn,
    Background,
    Time,
    Stop,
    Kill,
    Crash,
}
