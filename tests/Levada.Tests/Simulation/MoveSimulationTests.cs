using Xunit;

namespace Levada.Tests.Simulation;

/// <summary>Messages that are moved between queues of one shard and of several, over kills and power cuts.</summary>
public sealed class MoveSimulationTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40), 51];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_message_is_in_one_queue_and_once(int seed)
    {
        // Continuations run where they are caused, not on the test's threads.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            new MovingWorld(seed).Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
