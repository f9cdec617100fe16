using Levada.Protocol;

namespace Levada.Definitions;

/// <summary>An exchange as a definitions file or a request has it.</summary>
public sealed record ExchangeEntry(
    string Name, string Type, bool Durable, bool AutoDelete, bool Internal, FieldTable Arguments)
{
    /// <param name="from">The object.</param>
    /// <param name="name">If it stands elsewhere: the path of a request.</param>
    /// <exception cref="FormatException">It cannot be an exchange.</exception>
    public static ExchangeEntry Read(DefinitionObject from, string? name = null) => new(
        name ?? from.Text("name"), from.TextOrNull("type") ?? "direct", from.Flag("durable"), from.Flag("auto_delete"),
        from.Flag("internal"), from.Table("arguments"));

    /// <summary>What a client would ask for it with.</summary>
    public ExchangeDeclare ToMethod() => new(
        Name, Type, Durable: Durable, AutoDelete: AutoDelete, Internal: Internal, Arguments: Arguments);
}
