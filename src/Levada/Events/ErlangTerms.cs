using System.Globalization;
using System.Net;
using Levada.Protocol;

namespace Levada.Events;

/// <summary>Values as RabbitMQ's events have them: what a header cannot hold is written as an Erlang term.</summary>
internal static class ErlangTerms
{
    /// <summary>Each field as a text: <c>{&lt;&lt;"name"&gt;&gt;,type,value}</c>.</summary>
    public static FieldValue Of(FieldTable table) =>
        FieldValue.Array([.. table.Select(static field => FieldValue.String(Field(field.Key, field.Value)))]);

    /// <summary><c>{127,0,0,1}</c>; empty for one that has no address.</summary>
    public static string Of(EndPoint? end)
    {
        if (end is not IPEndPoint { Address: var address })
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        var parts = bytes.Length == 4
            ? bytes.Select(static b => (int)b)
            : Enumerable.Range(0, bytes.Length / 2).Select(i => (bytes[2 * i] << 8) | bytes[(2 * i) + 1]);
        return $"{{{string.Join(',', parts)}}}";
    }

    private static string Field(string name, FieldValue value) => $"{{<<\"{name}\">>,{value.TypeName},{Term(value)}}}";

    private static string Term(FieldValue value) => value.Type switch
    {
        FieldType.LongString or FieldType.Binary => $"<<\"{value.AsString}\">>",
        FieldType.Boolean => value.AsBoolean ? "true" : "false",
        FieldType.Table => $"[{string.Join(',', value.AsTable.Select(static f => Field(f.Key, f.Value)))}]",
        FieldType.Array =>
            $"[{string.Join(',', value.AsArray.Select(static v => $"{{{v.TypeName},{Term(v)}}}"))}]",
        FieldType.Float or FieldType.Double => value.AsDouble.ToString("R", CultureInfo.InvariantCulture),
        FieldType.Void => "undefined",
        _ when value.IsInteger => value.AsLong.ToString(CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
