namespace Levada.Platform;

/// <summary>Runs an action when a number of answers has come, on the thread of the last one.</summary>
internal sealed class Countdown(int count, Action done)
{
    private int _left = count;

    public void Signal()
    {
        if (Interlocked.Decrement(ref _left) == 0)
            done();
    }
}
