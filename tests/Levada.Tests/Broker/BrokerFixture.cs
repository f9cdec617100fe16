using Levada.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(BrokerFixture))]

namespace Levada.Tests;

/// <summary>
/// The broker that most tests share, started by the first that asks. They keep apart by names of their own
/// (<see cref="TestBroker.Name"/>); what changes the broker as a whole takes <see cref="TestBroker.StartAsync"/>.
/// </summary>
public sealed class BrokerFixture : IAsyncDisposable
{
    private readonly Lazy<Task<TestBroker>> _broker = new(() => TestBroker.StartAsync());

    public TestBroker Broker => _broker.Value.GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        // A start that failed has failed the tests already.
        if (_broker is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _broker.Value).DisposeAsync();
    }
}
