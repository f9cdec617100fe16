using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Levada.Protocol;

namespace Levada.Tracing;

/// <summary>An entry as a line: what is false or empty is left out, and nothing in it moves a cursor.</summary>
public static class TraceText
{
    public static string Of(TraceEntry entry)
    {
        var text = new StringBuilder(entry.Kind == TraceKind.End ? "--" : entry.IsOut ? "<-" : "->");
        text.Append(' ').Append(entry.Method);
        foreach (var (name, value) in entry.Arguments)
            AddNamed(text, name, value);
        if (entry.Properties is not null)
        {
            foreach (var (name, value) in entry.Properties)
                AddNamed(text, name, value);
        }
        if (entry.BodySize is { } size)
            text.Append(' ').Append(size).Append(size == 1 ? " byte" : " bytes");
        if (entry.Body is not null)
            text.Append(": ").Append(Quoted(Encoding.UTF8.GetString(entry.Body)));
        return text.ToString();
    }

    private static void AddNamed(StringBuilder text, string name, FieldValue value)
    {
        if (IsNothing(value))
            return;
        text.Append(' ').Append(name);
        if (value.Type == FieldType.Boolean)
            return;
        text.Append('=');
        AddValue(text, value);
    }

    private static bool IsNothing(FieldValue value) => value.Type switch
    {
        FieldType.Boolean => !value.AsBoolean,
        FieldType.Table => value.AsTable.Count == 0,
        _ => false,
    };

    private static void AddValue(StringBuilder text, FieldValue value)
    {
        switch (value.Type)
        {
            case FieldType.LongString:
                text.Append(Quoted(value.AsString));
                break;
            case FieldType.Table:
                AddList(
                    text, '{', '}', value.AsTable,
                    static (text, entry) => AddValue(text.Append(Plain(entry.Key)).Append('='), entry.Value));
                break;
            case FieldType.Array:
                AddList(text, '[', ']', value.AsArray, AddValue);
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $"{value}");
                break;
        }
    }

    private static void AddList<T>(
        StringBuilder text, char open, char close, IEnumerable<T> items, Action<StringBuilder, T> add)
    {
        text.Append(open);
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst)
                text.Append(", ");
            isFirst = false;
            add(text, item);
        }
        text.Append(close);
    }

    private static string Quoted(string value) => $"\"{Plain(value)}\"";

    /// <summary>The text with what would move a cursor written as JSON writes it.</summary>
    public static string Plain(string value) =>
        JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
}
