namespace Levada.Amqp;

/// <summary>One timer for all that time does to connections and to the disk alarm.</summary>
internal sealed class Ticker : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Action _tick;
    private readonly PeriodicTimer _timer;
    private readonly Task _loop;

    public Ticker(Action tick, TimeProvider time)
    {
        _tick = tick;
        _timer = new PeriodicTimer(Interval, time);
        _loop = LoopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _loop;
    }

    private async Task LoopAsync()
    {
        while (await _timer.WaitForNextTickAsync())
            _tick();
    }
}
