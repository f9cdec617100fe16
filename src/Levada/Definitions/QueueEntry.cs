using Levada.Protocol;

namespace Levada.Definitions;

/// <summary>A queue as a definitions file or a request has it.</summary>
public sealed record QueueEntry(string Name, bool Durable, bool AutoDelete, FieldTable Arguments)
{
    internal const string TypeArgument = "x-queue-type";

    /// <param name="from">The object.</param>
    /// <param name="name">If it stands elsewhere: the path of a request.</param>
    /// <exception cref="FormatException">It cannot be a queue.</exception>
    public static QueueEntry Read(DefinitionObject from, string? name = null)
    {
        var arguments = from.Table("arguments");
        // RabbitMQ 4 says what a queue is beside the arguments, too.
        if (from.TextOrNull("type") is { } type && type != "classic" && !arguments.Contains(TypeArgument))
            arguments = With(arguments, TypeArgument, type);
        return new QueueEntry(
            name ?? from.Text("name"), from.Flag("durable"), from.Flag("auto_delete"), arguments);
    }

    /// <summary>What a client would ask for it with.</summary>
    public QueueDeclare ToMethod() => new(
        Name, Durable: Durable, AutoDelete: AutoDelete, Arguments: Arguments);

    internal static FieldTable With(FieldTable arguments, string key, string value)
    {
        var longer = new FieldTable();
        foreach (var (name, field) in arguments)
            longer.Add(name, field);
        return longer.Add(key, value);
    }
}
