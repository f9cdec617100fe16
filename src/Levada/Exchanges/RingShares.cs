using Levada.Queues;

namespace Levada.Exchanges;

/// <summary>
/// The algorithm <c>ring</c>, by rendezvous hashing: every destination draws a number for the hash, and the best one
/// wins. So a destination that goes leaves all other keys where they are, as on a ring of points, and each has exactly
/// its share, which a ring has only with thousands of points for each. The draw hangs on the destination's name alone:
/// a queue that is declared and bound again gets its keys back.
/// </summary>
internal sealed class RingShares : HashShares
{
    private readonly Binding[] _bindings;
    private readonly ulong[] _seeds;

    // Among equal weights the highest number wins; only the winners of different weights need a logarithm.
    private readonly Group[] _groups;

    public RingShares(List<HashShare> shares)
    {
        shares.Sort(static (a, b) => a.Weight.CompareTo(b.Weight) is not 0 and var order
            ? order
            : Binding.CompareDestinations(a.Binding, b.Binding));
        _bindings = [.. shares.Select(share => share.Binding)];
        _seeds = [.. shares.Select(share => Seed(share.Binding))];
        _groups =
        [
            .. Enumerable.Range(0, shares.Count)
                .Where(i => i + 1 == shares.Count || shares[i + 1].Weight != shares[i].Weight)
                .Select(i => new Group(shares[i].Weight, i + 1)),
        ];
    }

    public override Binding Choose(ulong hash)
    {
        var start = 0;
        var best = 0;
        var nearest = double.PositiveInfinity;
        foreach (var group in _groups)
        {
            var draw = Highest(hash, start, group.End, out var place);
            start = group.End;
            if (_groups.Length == 1)
                return _bindings[place];
            // The time until something that happens at the rate of the weight: the first one is chosen by weight.
            var time = -Math.Log((draw + 0.5) / (1UL << 53)) / group.Weight;
            if (time < nearest)
                (nearest, best) = (time, place);
        }

        return _bindings[best];
    }

    /// <returns>The upper 53 bits of the highest number: what a double holds.</returns>
    private ulong Highest(ulong hash, int start, int end, out int place)
    {
        var highest = 0UL;
        place = start;
        for (var i = start; i < end; i++)
        {
            var draw = StableHash.Mix(hash ^ _seeds[i]);
            if (draw <= highest)
                continue;
            highest = draw;
            place = i;
        }

        return highest >> 11;
    }

    private static ulong Seed(Binding binding) => binding.Queue is { } queue
        ? StableHash.Of(queue.NameUtf8, seed: 1)
        : StableHash.Of(binding.Exchange!.NameUtf8, seed: 2);

    private readonly record struct Group(int Weight, int End);
}
