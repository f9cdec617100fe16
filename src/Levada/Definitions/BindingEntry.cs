using Levada.Protocol;

namespace Levada.Definitions;

/// <summary>A binding as a definitions file or a request has it.</summary>
/// <param name="Source">The exchange where it starts.</param>
/// <param name="Destination">Where it ends.</param>
/// <param name="ToQueue">That is a queue, else an exchange.</param>
/// <param name="RoutingKey">Its key.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record BindingEntry(
    string Source, string Destination, bool ToQueue, string RoutingKey, FieldTable Arguments)
{
    /// <exception cref="FormatException">It cannot be a binding.</exception>
    public static BindingEntry Read(DefinitionObject from)
    {
        var kind = from.Text("destination_type");
        if (kind is not ("queue" or "exchange"))
            throw from.Fault("destination_type", "is neither queue nor exchange");
        return ReadProperties(from) with
        {
            Source = from.Text("source"),
            Destination = from.Text("destination"),
            ToQueue = kind == "queue",
        };
    }

    /// <summary>What it has besides its ends, which are named elsewhere.</summary>
    /// <exception cref="FormatException">It cannot be a binding.</exception>
    public static BindingEntry ReadProperties(DefinitionObject from) =>
        new("", "", ToQueue: true, from.TextOrNull("routing_key") ?? "", from.Table("arguments"));
}
