using Levada.Protocol;

namespace Levada.Definitions;

/// <summary>A queue as a definitions file or a request has it.</summary>
public sealed record QueueEntry(string Name, bool Durable, bool AutoDelete, FieldTable Arguments)
{
    /// <param name="from">The object.</param>
    /// <param name="name">If it stands elsewhere: the path of a request.</param>
    /// <exception cref="FormatException">It cannot be a queue.</exception>
    public static QueueEntry Read(DefinitionObject from, string? name = null) => new(
        name ?? from.Text("name"), from.Flag("durable"), from.Flag("auto_delete"), from.Table("arguments"));

    /// <summary>What a client would ask for it with.</summary>
    public QueueDeclare ToMethod() => new(
        Name, Durable: Durable, AutoDelete: AutoDelete, Arguments: Arguments);
}
