using System.Collections.Immutable;
using Levada.Protocol;

namespace Levada.Catalog;

/// <summary>What is said of a virtual host, apart from what is in it and its limits. Immutable.</summary>
public sealed record VHostMetadata
{
    private const string DescriptionKey = "description";
    private const string TagsKey = "tags";
    private const string DefaultQueueTypeKey = "default_queue_type";
    private const string ProtectedKey = "protected_from_deletion";
    private const string TracingKey = "tracing";

    public static VHostMetadata None { get; } = new();

    /// <summary>For people.</summary>
    public string Description { get; init; } = "";

    /// <summary>For people, too.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>What a queue is that is declared here without x-queue-type; null: the broker's default.</summary>
    public string? DefaultQueueType { get; init; }

    /// <summary>It is not deleted before this is taken back.</summary>
    public bool IsProtected { get; init; }

    /// <summary>Copies of all that is published and delivered go to amq.rabbitmq.trace.</summary>
    public bool IsTracing { get; init; }

    /// <summary>What tools keep here besides, by keys of their own.</summary>
    public FieldTable Others { get; init; } = FieldTable.Empty;

    /// <summary>As definitions and the API show it: without tracing, which they have beside it.</summary>
    public FieldTable ToDefinition()
    {
        var table = new FieldTable()
            .Add(DescriptionKey, Description)
            .Add(TagsKey, FieldValue.Array([.. Tags.Select(FieldValue.String)]));
        if (DefaultQueueType is not null)
            table.Add(DefaultQueueTypeKey, DefaultQueueType);
        if (IsProtected)
            table.Add(ProtectedKey, true);
        foreach (var (key, value) in Others)
            table.Add(key, value);
        return table;
    }

    public bool Equals(VHostMetadata? other) => other is not null && ToTable().Equals(other.ToTable());

    public override int GetHashCode() => ToTable().GetHashCode();

    /// <summary>All of it as the catalog keeps it.</summary>
    internal FieldTable ToTable()
    {
        var table = new FieldTable();
        if (Description.Length > 0)
            table.Add(DescriptionKey, Description);
        if (!Tags.IsEmpty)
            table.Add(TagsKey, FieldValue.Array([.. Tags.Select(FieldValue.String)]));
        if (DefaultQueueType is not null)
            table.Add(DefaultQueueTypeKey, DefaultQueueType);
        if (IsProtected)
            table.Add(ProtectedKey, true);
        if (IsTracing)
            table.Add(TracingKey, true);
        if (Others.Count > 0)
            table.Add("others", Others);
        return table;
    }

    internal static VHostMetadata FromTable(FieldTable table) => new()
    {
        Description = table.TryGet(DescriptionKey, out var text) ? text.AsString : "",
        Tags = table.TryGet(TagsKey, out var tags) ? [.. tags.AsArray.Select(static tag => tag.AsString)] : [],
        DefaultQueueType = table.TryGet(DefaultQueueTypeKey, out var type) ? type.AsString : null,
        IsProtected = table.Contains(ProtectedKey),
        IsTracing = table.Contains(TracingKey),
        Others = table.TryGet("others", out var others) ? others.AsTable : FieldTable.Empty,
    };
}
