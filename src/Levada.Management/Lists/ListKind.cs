using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Levada.Management.Lists;

/// <summary>
/// What lists of one kind of object need to know of it. Fields that are read straight from the object make its lists
/// cheap to sort and filter, whatever their length; any other field is taken from the object's JSON.
/// </summary>
internal sealed class ListKind<T>
{
    /// <summary>What the parameter name looks at.</summary>
    public required Func<T, string> Name { get; init; }

    /// <summary>Writes it as JSON; false, and nothing written, if it is no more.</summary>
    public required Func<Utf8JsonWriter, T, bool> Write { get; init; }

    /// <summary>By their dotted paths.</summary>
    public IReadOnlyDictionary<string, Func<T, ListValue>> Fields { get; init; } =
        new Dictionary<string, Func<T, ListValue>>();

    /// <summary>
    /// The order of a list that is not sorted, and of what is equal in one that is; null: as it comes.
    /// </summary>
    public Comparison<T>? Order { get; init; }

    /// <summary>What is written with disable_stats=true; empty for all.</summary>
    public IReadOnlyList<string> Definition { get; init; } = [];

    /// <summary>A kind of which there are few: all from the JSON of what is answered.</summary>
    public static ListKind<T> OfReplies(JsonTypeInfo<T> type, Func<T, string> name) => new()
    {
        Name = name,
        Write = (json, item) =>
        {
            JsonSerializer.Serialize(json, item, type);
            return true;
        },
    };
}
