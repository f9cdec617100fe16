using Levada.Counting;
using Xunit;

namespace Levada.Tests.Counting;

/// <summary>Counters by what is counted with, few or many, within their bound.</summary>
public sealed class PairTableTests
{
    private const int Max = 1000;

    private readonly HashSet<int> _gone = [];
    private readonly PairTable<int, RouteCounts> _table;

    public PairTableTests() => _table = new PairTable<int, RouteCounts>(_gone.Contains);

    [Fact]
    public void A_hundred_thousand_make_no_more_than_the_bound()
    {
        var uncounted = 0;
        for (var round = 0; round < 2; round++)
        {
            for (var key = 0; key < 100_000; key++)
                uncounted += Count(key) ? 0 : 1;
        }
        Assert.Equal(Max, _table.Count);
        Assert.Equal(2 * (100_000 - Max), uncounted);
        Assert.InRange(_table.HeldBytes, 1, 100 * Max);
        for (var key = 0; key < Max; key++)
            Assert.Equal(2, _table.Find(key)!.Messages);
        Assert.Null(_table.Find(Max));
    }

    [Fact]
    public void Those_that_come_and_go_take_little()
    {
        for (var key = 0; key < 100_000; key++)
        {
            Assert.True(Count(key));
            _gone.Add(key);
        }
        Assert.InRange(_table.Count, 1, 16);
        Assert.Equal(1, _table.Find(99_999)!.Messages);
    }

    [Fact]
    public void A_full_table_takes_others_in_before_long_when_one_is_deleted()
    {
        for (var key = 0; key < Max; key++)
            Assert.True(Count(key));
        Assert.False(Count(Max));
        _gone.Add(Max / 2);
        Assert.Contains(Enumerable.Range(0, Max / 10), _ => Count(Max));
        Assert.Null(_table.Find(Max / 2));
        Assert.Equal(Max, _table.Count);
        foreach (var key in Enumerable.Range(0, Max).Where(key => key != Max / 2))
            Assert.True(_table.Find(key)!.Messages > 0);
    }

    private bool Count(int key)
    {
        if (_table.Find(key) is not { } counts
            && !_table.TryAdd(key, static _ => new RouteCounts(), Max, out counts))
        {
            return false;
        }
        counts.Messages++;
        return true;
    }
}
