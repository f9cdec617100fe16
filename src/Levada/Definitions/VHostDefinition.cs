using System.Collections.Immutable;
using Levada.Catalog;
using Levada.Protocol;

namespace Levada.Definitions;

/// <summary>
/// A virtual host as a definitions file or a request has it; null is what it was. RabbitMQ has the same keys in the
/// object itself and in its metadata: what stands in the object counts.
/// </summary>
public sealed record VHostDefinition(
    string? Description, ImmutableArray<string>? Tags, string? DefaultQueueType, bool? IsProtected, bool? IsTracing,
    FieldTable? Others)
{
    private static readonly string[] Known = ["description", "tags", "default_queue_type", "protected_from_deletion"];

    /// <exception cref="FormatException">It cannot be a virtual host.</exception>
    public static VHostDefinition Read(DefinitionObject from)
    {
        var metadata = from.ObjectOrNull("metadata");
        var type = from.TextOrNull("default_queue_type") ?? metadata?.TextOrNull("default_queue_type");
        var tags = from.TextsOrNull("tags") ?? metadata?.TextsOrNull("tags");
        return new VHostDefinition(
            from.TextOrNull("description") ?? metadata?.TextOrNull("description"),
            tags is null ? null : [.. tags],
            type is "undefined" or "" ? null : type,
            Flag(from, "protected_from_deletion") ?? Flag(metadata, "protected_from_deletion"),
            Flag(from, "tracing"),
            metadata is null ? null : OthersOf(from.Table("metadata")));
    }

    /// <summary>What is said of it then.</summary>
    public VHostMetadata Apply(VHostMetadata old) => new()
    {
        Description = Description ?? old.Description,
        Tags = Tags ?? old.Tags,
        DefaultQueueType = DefaultQueueType ?? old.DefaultQueueType,
        IsProtected = IsProtected ?? old.IsProtected,
        IsTracing = IsTracing ?? old.IsTracing,
        Others = Others ?? old.Others,
    };

    private static bool? Flag(DefinitionObject? from, string key) =>
        from?.Find(key) is null ? null : from.Flag(key);

    private static FieldTable OthersOf(FieldTable metadata)
    {
        var others = new FieldTable();
        foreach (var (key, value) in metadata.Where(static field => !Known.Contains(field.Key)))
            others.Add(key, value);
        return others;
    }
}
