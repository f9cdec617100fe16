using System.Globalization;
using Xunit;

namespace Levada.Tests.Storage;

/// <summary>Random operations on the store against a naive model, restarts and crashes included.</summary>
public sealed class StoreModelTests
{
    private const int Operations = 1_500;
    private const int SeedsByDefault = 20;

    /// <summary>From 1 on; LEVADA_STORE_SEEDS=100-200 takes others, for a night.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            string[]? range = Environment.GetEnvironmentVariable("LEVADA_STORE_SEEDS")?.Split('-');
            int first = range is null ? 1 : int.Parse(range[0], CultureInfo.InvariantCulture);
            int last = range is null ? SeedsByDefault : int.Parse(range[1], CultureInfo.InvariantCulture);
            return [.. Enumerable.Range(first, last - first + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Store_does_what_a_list_would_do(int seed) => Check(seed, mayEnd: false);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Store_comes_back_from_every_end(int seed) => Check(seed + 1_000, mayEnd: true);

    private static void Check(int seed, bool mayEnd)
    {
        List<StoreOperation> operations = StoreOperation.Generate(seed, Operations);
        if (Run(seed, mayEnd, operations) is null)
            return;
        operations = StoreOperation.Shrink(operations, fewer => Run(seed, mayEnd, fewer) is not null);
        (Exception cause, StoreModel model) = Run(seed, mayEnd, operations)!.Value;
        Assert.Fail($"seed {seed}: {string.Join("; ", model.Trace)}\n{cause}");
    }

    private static (Exception Cause, StoreModel Model)? Run(int seed, bool mayEnd, List<StoreOperation> operations)
    {
        var model = new StoreModel(seed) { MayEnd = mayEnd };
        try
        {
            operations.ForEach(model.Run);
            model.Drain();
            if (operations.Count == Operations)
                model.AssertBackgroundWasBusy();
            return null;
        }
        catch (Exception e)
        {
            return (e, model);
        }
    }
}
