using Xunit;

namespace Levada.Tests.Storage;

/// <summary>Random operations on the store against a naive model, restarts and crashes included.</summary>
public sealed class StoreModelTests
{
    private const int Operations = 1_500;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

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
            return null;
        }
        catch (Exception e)
        {
            return (e, model);
        }
    }
}
