namespace Levada.Exchanges;

/// <summary>
/// Chooses the destination for a hash, by weight. The same destinations share out the same way, in whichever order they
/// were bound and after every restart. Immutable.
/// </summary>
internal abstract class HashShares
{
    /// <param name="algorithm">How.</param>
    /// <param name="bindings">At least one; in the order of <see cref="Binding.CompareDestinations"/>.</param>
    public static HashShares Of(HashAlgorithm algorithm, ReadOnlySpan<Binding> bindings)
    {
        var shares = HashShare.Of(bindings);
        return algorithm == HashAlgorithm.Jump ? new JumpShares(shares) : new RingShares(shares);
    }

    public abstract Binding Choose(ulong hash);
}
