namespace Levada.Offline;

/// <summary>
/// It is 1970, so no message has expired and none that was delayed is due: an offline tool sees what is there.
/// </summary>
internal sealed class FrozenTime : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
}
