using System.Globalization;
using System.Text.Json;

namespace Levada.Management.Lists;

/// <summary>
/// The value of one field of something in a list, for order and filters: nothing, a number, true or false, or a text,
/// which come in this order.
/// </summary>
internal readonly struct ListValue : IComparable<ListValue>
{
    private readonly byte _rank;
    private readonly double _number;
    private readonly string? _text;

    private ListValue(byte rank, double number, string? text) => (_rank, _number, _text) = (rank, number, text);

    public static implicit operator ListValue(double number) => new(1, number, null);

    public static implicit operator ListValue(bool value) => new(2, value ? 1 : 0, null);

    public static implicit operator ListValue(string? text) => text is null ? default : new(3, 0, text);

    /// <summary>Null if it is no number.</summary>
    public double? Number => _rank == 1 ? _number : null;

    public static ListValue Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        _ => default,
    };

    public int CompareTo(ListValue other)
    {
        if (_rank != other._rank)
            return _rank.CompareTo(other._rank);
        return _rank == 3 ? string.CompareOrdinal(_text, other._text) : _number.CompareTo(other._number);
    }

    /// <summary>As it would be written in a filter; empty for nothing.</summary>
    public string Text => _rank switch
    {
        0 => "",
        1 => _number.ToString(CultureInfo.InvariantCulture),
        2 => _number == 0 ? "false" : "true",
        _ => _text!,
    };
}
