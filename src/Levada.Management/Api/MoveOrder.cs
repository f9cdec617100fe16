using Levada.Definitions;
using Levada.Queues;

namespace Levada.Management.Api;

/// <summary>What is to be moved, and to where.</summary>
internal sealed record MoveOrder(string Destination, long Count, MoveFilter Filter)
{
    /// <exception cref="FormatException">It makes no sense.</exception>
    public static MoveOrder Read(DefinitionObject from)
    {
        var count = from.NumberOrNull("count");
        if (count < 1)
            throw from.Fault("count", "is below 1");
        return new MoveOrder(
            from.Text("destination"), count ?? long.MaxValue,
            new MoveFilter(from.TextOrNull("routing_key"), from.Table("headers")));
    }
}
