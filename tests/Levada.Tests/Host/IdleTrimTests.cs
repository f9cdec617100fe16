using Levada.Platform;
using Levada.Tests.Queues;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>When memory is given back to the system.</summary>
public sealed class IdleTrimTests
{
    private readonly ManualTime _time = new();
    private int _collections;

    [Fact]
    public void It_is_given_back_when_it_has_been_quiet_and_once_more_later()
    {
        var trim = new IdleTrim(TimeSpan.FromSeconds(30), _time, () => _collections++);
        Assert.Equal([0, 0, 1, 1, 1, 2, 2], Ticks(trim, work: 5, seconds: [0, 29, 30, 31, 119, 120, 500]));
        // Work begins it anew.
        Assert.Equal([2, 2, 3], Ticks(trim, work: 6, seconds: [0, 29, 30]));
    }

    [Fact]
    public void A_broker_that_works_on_is_left_alone()
    {
        var trim = new IdleTrim(TimeSpan.FromSeconds(30), _time, () => _collections++);
        for (var work = 0; work < 10; work++)
            Assert.Equal([0, 0], Ticks(trim, work, seconds: [0, 29]));
    }

    [Fact]
    public void Zero_is_never()
    {
        var trim = new IdleTrim(TimeSpan.Zero, _time, () => _collections++);
        Assert.Equal([0, 0], Ticks(trim, work: 1, seconds: [0, 100_000]));
    }

    // The collections so far, at seconds from now.
    private int[] Ticks(IdleTrim trim, long work, int[] seconds)
    {
        var last = 0;
        return [.. seconds.Select(second =>
        {
            _time.Advance((second - last) * 1000);
            last = second;
            trim.Tick(work);
            return _collections;
        })];
    }
}
