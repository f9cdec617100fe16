using System.Text.Json;
using Levada.Protocol;

namespace Levada.Definitions;

/// <summary>
/// A JSON object of a definitions file or of a request, read key by key as RabbitMQ takes it: a missing key and null
/// are the same, and a text "true" is true. What is wrong is said with its place.
/// </summary>
public sealed class DefinitionObject
{
    private readonly JsonElement _json;
    private readonly string _place;

    /// <param name="json">The object.</param>
    /// <param name="place">Where it stands, such as queues[3]; empty for the whole.</param>
    /// <exception cref="FormatException">It is something else than an object.</exception>
    public DefinitionObject(JsonElement json, string place = "")
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{(place.Length > 0 ? place : "the body")} is no JSON object");
        (_json, _place) = (json, place);
    }

    /// <summary>As it came.</summary>
    public JsonElement Json => _json;

    public IEnumerable<string> Keys => _json.EnumerateObject().Select(static property => property.Name);

    /// <summary>The value, if it is there and not null.</summary>
    public JsonElement? Find(string key) =>
        _json.TryGetProperty(key, out var value) && value.ValueKind is not JsonValueKind.Null ? value : null;

    /// <exception cref="FormatException">It is missing or no text.</exception>
    public string Text(string key) => TextOrNull(key) ?? throw Fault(key, "is missing");

    /// <exception cref="FormatException">It is no text.</exception>
    public string? TextOrNull(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw Fault(key, "is no text"),
    };

    /// <exception cref="FormatException">It is neither true nor false.</exception>
    public bool Flag(string key) => Find(key) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } value when bool.TryParse(value.GetString(), out var flag) => flag,
        _ => throw Fault(key, "is neither true nor false"),
    };

    /// <exception cref="FormatException">It is no whole number.</exception>
    public int? NumberOrNull(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) => number,
        { ValueKind: JsonValueKind.String } value when int.TryParse(
            value.GetString(), System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Fault(key, "is no whole number"),
    };

    /// <summary>Texts, in a list or in one with commas between; null if missing.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public IReadOnlyList<string>? TextsOrNull(string key) => Find(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => Split(value.GetString()!),
        { ValueKind: JsonValueKind.Array } value
            when value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(static item => item.GetString()!.Trim()).Where(static t => t.Length > 0)
                .Distinct()],
        _ => throw Fault(key, "is neither a list of texts nor a text with commas between"),
    };

    /// <summary>Arguments; none if missing. An empty list is none, too, as some JSON
    /// writers cannot tell it from an object.</summary>
    /// <exception cref="FormatException">It is no object, or no table can be made of it.</exception>
    public FieldTable Table(string key)
    {
        if (Find(key) is not { } value || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0))
            return FieldTable.Empty;
        try
        {
            return FieldTableJson.ReadTable(value);
        }
        catch (FormatException fault)
        {
            throw Fault(key, fault.Message);
        }
    }

    /// <summary>An object in it; null if missing.</summary>
    public DefinitionObject? ObjectOrNull(string key) =>
        Find(key) is { } value ? new DefinitionObject(value, PlaceOf(key)) : null;

    /// <summary>The objects of a list; none if missing.</summary>
    /// <exception cref="FormatException">It is no list of objects.</exception>
    public IEnumerable<DefinitionObject> Objects(string key) => Find(key) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } value =>
            value.EnumerateArray().Select((item, i) => new DefinitionObject(item, $"{PlaceOf(key)}[{i}]")),
        _ => throw Fault(key, "is no list"),
    };

    /// <summary>That something about a key is wrong.</summary>
    public FormatException Fault(string key, string what) => new($"{PlaceOf(key)} {what}");

    /// <summary>That something about the object as a whole is wrong.</summary>
    public FormatException Fault(string what) => new(_place.Length > 0 ? $"{_place}: {what}" : what);

    private string PlaceOf(string key) => _place.Length > 0 ? $"{_place}.{key}" : key;

    private static string[] Split(string texts) =>
        [.. texts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
}
