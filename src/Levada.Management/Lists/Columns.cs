using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Lists;

/// <summary>The fields that are wanted of an object, by dotted paths; of objects in an array, those of each.</summary>
internal sealed class Columns
{
    private readonly Dictionary<string, Columns?> _fields = new(StringComparer.Ordinal);

    public Columns(IEnumerable<string> paths)
    {
        foreach (var path in paths)
            Add(path.Split('.'));
    }

    /// <summary>Those that ?columns=a,b.c names; null if it does not.</summary>
    public static Columns? Of(IQueryCollection query) => query.TryGetValue("columns", out var text)
        ? new Columns(text.ToString().Split(',', StringSplitOptions.RemoveEmptyEntries))
        : null;

    public void Write(Utf8JsonWriter to, JsonElement from)
    {
        switch (from.ValueKind)
        {
            case JsonValueKind.Object:
                to.WriteStartObject();
                foreach (var field in from.EnumerateObject())
                {
                    if (!_fields.TryGetValue(field.Name, out var inner))
                        continue;
                    if (inner is not null && field.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
                        continue;
                    to.WritePropertyName(field.Name);
                    if (inner is null)
                        field.Value.WriteTo(to);
                    else
                        inner.Write(to, field.Value);
                }
                to.WriteEndObject();
                break;
            case JsonValueKind.Array:
                to.WriteStartArray();
                foreach (var item in from.EnumerateArray())
                    Write(to, item);
                to.WriteEndArray();
                break;
            default:
                from.WriteTo(to);
                break;
        }
    }

    // The whole of a field goes before parts of it.
    private void Add(ReadOnlySpan<string> path)
    {
        var isThere = _fields.TryGetValue(path[0], out var inner);
        if (path.Length == 1)
            _fields[path[0]] = null;
        else if (!isThere)
            (_fields[path[0]] = new Columns([])).Add(path[1..]);
        else
            inner?.Add(path[1..]);
    }
}
