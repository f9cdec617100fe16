namespace Levada.Management;

/// <summary>
/// How many requests came with the right name and password, and with wrong ones. Safe from any thread.
/// </summary>
internal sealed class HttpLogins
{
    private long _succeeded;
    private long _failed;

    public long Succeeded => Interlocked.Read(ref _succeeded);

    public long Failed => Interlocked.Read(ref _failed);

    public void Count(bool isRight)
    {
        if (isRight)
            Interlocked.Increment(ref _succeeded);
        else
            Interlocked.Increment(ref _failed);
    }
}
