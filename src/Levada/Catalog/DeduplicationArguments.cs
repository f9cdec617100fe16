using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>What the arguments may be with which exchanges and queues leave out duplicates.</summary>
internal static class DeduplicationArguments
{
    /// <summary>Those that two declarations must agree on.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        Deduplication.Argument, Deduplication.SizeArgument, Deduplication.TtlArgument, Deduplication.HeaderArgument,
    ];

    /// <summary>The first argument that makes no sense, and why; null if all do.</summary>
    /// <param name="arguments">Of an exchange or a queue.</param>
    /// <param name="sizeMax">Most values that it may remember.</param>
    public static (string Argument, string Fault)? Fault(FieldTable arguments, int sizeMax)
    {
        if (!arguments.TryGet(Deduplication.Argument, out var on))
            return null;
        if (on.Type != FieldType.Boolean)
            return (Deduplication.Argument, $"expected a bool, got {on.TypeName}");
        if (arguments.TryGet(Deduplication.HeaderArgument, out var header) && header.Type != FieldType.LongString)
            return (Deduplication.HeaderArgument, $"expected a longstr, got {header.TypeName}");
        if (arguments.TryGet(Deduplication.SizeArgument, out var size)
            && !(size.TryGetInteger(out var number) && number >= 1 && number <= sizeMax))
        {
            return (Deduplication.SizeArgument,
                $"expected an integer from 1 to {sizeMax} (deduplication_cache_max), got {Shown(size)}");
        }

        if (arguments.TryGet(Deduplication.TtlArgument, out var ttl)
            && !(ttl.TryGetInteger(out number) && number >= 0))
        {
            return (Deduplication.TtlArgument, $"expected a non-negative integer, got {Shown(ttl)}");
        }

        return null;
    }

    private static string Shown(FieldValue value) => value.IsInteger ? $"{value}" : value.TypeName;
}
