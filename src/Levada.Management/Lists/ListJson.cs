using System.Buffers;
using System.Text.Json;

namespace Levada.Management.Lists;

/// <summary>The JSON of single objects, for what is to be picked from it. Of one request.</summary>
internal sealed class ListJson<T>(ListKind<T> kind)
{
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The value of a field; none if there is no such field, or the object is no more.</summary>
    public ListValue Value(T item, string path)
    {
        using var json = Parse(item);
        if (json is null)
            return default;
        var at = json.RootElement;
        foreach (var part in path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at))
                return default;
        }
        return ListValue.Of(at);
    }

    /// <summary>Null if it is no more. Good until the next call.</summary>
    public JsonDocument? Parse(T item)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer))
        {
            if (!kind.Write(writer, item))
                return null;
        }
        return JsonDocument.Parse(_buffer.WrittenMemory);
    }
}
