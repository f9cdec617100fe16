using System.Globalization;
using System.Text;
using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>
/// A destination of an x-consistent-hash exchange and how much it takes. One that is bound several times counts once,
/// by its largest weight.
/// </summary>
internal readonly record struct HashShare(Binding Binding, int Weight)
{
    /// <summary>Most that a binding may weigh.</summary>
    public const int WeightMax = int.MaxValue;

    /// <summary>Null if the key can be a binding's; else what is wrong with it, in RabbitMQ's words.</summary>
    public static string? Fault(ReadOnlySpan<byte> bindingKey)
    {
        return Parse(bindingKey) switch
        {
            null => "The binding key must be an integer: " + ErlangTerm.Of(Encoding.UTF8.GetString(bindingKey)),
            < 1 => "The binding key must be greater than 0",
            > WeightMax => $"The binding key must be at most {WeightMax}",
            _ => null,
        };
    }

    /// <param name="bindings">Those to one destination stand next to each other.</param>
    public static List<HashShare> Of(ReadOnlySpan<Binding> bindings)
    {
        var shares = new List<HashShare>(bindings.Length);
        foreach (var binding in bindings)
        {
            var share = new HashShare(binding, (int)(Parse(binding.RoutingKeyUtf8) ?? 1));
            if (shares.Count == 0 || !shares[^1].Binding.LeadsWhere(binding))
                shares.Add(share);
            else if (share.Weight > shares[^1].Weight)
                shares[^1] = share;
        }

        return shares;
    }

    private static long? Parse(ReadOnlySpan<byte> bindingKey) =>
        long.TryParse(bindingKey, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var weight)
            ? weight
            : null;
}
