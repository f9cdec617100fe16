namespace Levada.Amqp;

/// <summary>One kind of limit, under its configuration key: how often it refused, how near the worst one is.</summary>
public sealed class Limit(string key)
{
    private long _refused;
    private long _peak;

    /// <summary>The key in the configuration, which is its name in metrics and texts.</summary>
    public string Key { get; } = key;

    /// <summary>What was refused, or ended, since the start because of it.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The largest seen since the start, of limits on sizes; else 0.</summary>
    public long Peak => Volatile.Read(ref _peak);

    internal void CountRefused() => Interlocked.Increment(ref _refused);

    /// <summary>A size never seen before. Two at once may leave the smaller one; the next corrects it.</summary>
    internal void Rise(long size) => Volatile.Write(ref _peak, size);

    /// <summary>80 % of the limit are in use.</summary>
    internal static bool IsNear(double used, double max) => used * 10 >= max * 8;

    /// <summary>Whether a warning has to be given or taken back; it stands until less than 70 % are in use.</summary>
    internal static bool Changes(double used, double max, bool isLimited, ref bool isNear)
    {
        var now = isLimited && (IsNear(used, max) || (isNear && used * 10 >= max * 7));
        var changes = now != isNear;
        isNear = now;
        return changes;
    }
}
