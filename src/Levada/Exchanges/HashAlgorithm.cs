namespace Levada.Exchanges;

/// <summary>How an x-consistent-hash exchange shares keys out (argument <c>x-algorithm</c>).</summary>
public enum HashAlgorithm
{
    /// <summary>
    /// When a destination goes, its keys and no others move. Work grows with the number of destinations.
    /// </summary>
    Ring,

    /// <summary>
    /// Work grows with the logarithm of the weights' sum. When a destination other than the one declared last goes,
    /// keys of others move too.
    /// </summary>
    Jump,
}

/// <summary>The names of the algorithms, in any case.</summary>
public static class HashAlgorithms
{
    /// <summary>The argument that names one.</summary>
    public const string Argument = "x-algorithm";

    /// <summary>Null if there is none of this name.</summary>
    public static HashAlgorithm? Find(string name) =>
        name.Equals("ring", StringComparison.OrdinalIgnoreCase) ? HashAlgorithm.Ring
        : name.Equals("jump", StringComparison.OrdinalIgnoreCase) ? HashAlgorithm.Jump : null;
}
