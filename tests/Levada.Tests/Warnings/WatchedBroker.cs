using Levada.Protocol;
using Levada.Warnings;
using Xunit;

namespace Levada.Tests.Warnings;

/// <summary>A broker that looks at its clients when the test says so, by a clock that the test moves.</summary>
internal sealed class WatchedBroker : IAsyncDisposable
{
    /// <summary>Between two looks, of the broker's time.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private readonly MovedTime _time = new();

    private WatchedBroker()
    {
    }

    public TestBroker Test { get; private set; } = null!;

    public CapturedLog Log => Test.Log;

    public IReadOnlyList<Warning> Warnings => Test.Broker.Warnings.Current;

    /// <summary>With the thresholds that brokers have by themselves, unless they are changed.</summary>
    public static async Task<WatchedBroker> StartAsync(Action<WarningOptions>? configure = null)
    {
        var broker = new WatchedBroker();
        broker.Test = await TestBroker.StartAsync(
            options =>
            {
                // Not by its own timer.
                options.Warnings.Interval = TimeSpan.Zero;
                configure?.Invoke(options.Warnings);
            },
            broker._time);
        return broker;
    }

    /// <summary>Time goes by, with a look every few seconds; before each the clients do something.</summary>
    public void Pass(TimeSpan time, Action<int>? before = null) => Pass(time, Step, before);

    /// <summary>The same with fewer looks; for hours.</summary>
    public void Pass(TimeSpan time, TimeSpan step, Action<int>? before = null)
    {
        for (var i = 0; i < time / step; i++)
        {
            before?.Invoke(i);
            _time.Advance(step);
            Test.Broker.WarningWatch.Look();
        }
    }

    public RawConnection Open(string name = "", string product = "raw test client")
    {
        var properties = Login.Properties("basic.nack", "connection.blocked");
        var named = new FieldTable().Add("product", product);
        if (properties.TryGet("capabilities", out var capabilities))
            named.Add("capabilities", capabilities.AsTable);
        if (name.Length > 0)
            named.Add("connection_name", name);
        return RawConnection.OpenWithChannel(Test, new Login { ClientProperties = named });
    }

    /// <summary>The one warning that stands, of that name.</summary>
    public Warning Single(string name)
    {
        var warning = Assert.Single(Warnings);
        Assert.Equal(name, warning.Name);
        return warning;
    }

    public ValueTask DisposeAsync() => Test.DisposeAsync();
}
