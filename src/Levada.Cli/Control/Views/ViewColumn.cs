using System.Globalization;
using System.Text.Json;

namespace Levada.Cli.Control.Views;

/// <summary>A column of a view.</summary>
/// <param name="Title">Its name, to be sorted and filtered by.</param>
/// <param name="Path">Where in the API's answer the value is, with slashes between; of two with a bar the first that is
/// there.</param>
/// <param name="Kind">What it is.</param>
internal sealed record ViewColumn(string Title, string Path, ViewKind Kind = ViewKind.Text)
{
    public bool IsNumber => Kind != ViewKind.Text;

    /// <summary>What the API is to sort by; null if it cannot.</summary>
    public string? SortKey => Path.Contains('|') ? null
        : (Kind is ViewKind.Rate or ViewKind.ByteRate ? $"{Path}_details/rate" : Path).Replace('/', '.');

    /// <summary>The text or number in a row. Of a rate the number is what was counted.</summary>
    public JsonElement In(JsonElement row)
    {
        foreach (var path in Path.Split('|'))
        {
            if (At(row, path) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value)
                return value;
        }
        return default;
    }

    /// <summary>The number in a row; not a number if there is none.</summary>
    /// <param name="row">The row.</param>
    /// <param name="before">The same thing a while ago; undefined if it is new.</param>
    /// <param name="seconds">How long ago.</param>
    public double NumberIn(JsonElement row, JsonElement before, double seconds)
    {
        if (Kind is not (ViewKind.Rate or ViewKind.ByteRate))
            return Number(In(row));
        if (before.ValueKind == JsonValueKind.Object && seconds > 0)
            return Math.Max(0, (Number(In(row)) - Number(In(before))) / seconds);
        return Number(At(row, $"{Path}_details/rate"));
    }

    /// <summary>A number for people.</summary>
    public string Show(double number) => double.IsNaN(number) ? "" : Kind switch
    {
        ViewKind.Bytes => Amount(number, "B"),
        ViewKind.ByteRate => Amount(number, "B/s"),
        ViewKind.Rate => number.ToString(number < 10 ? "0.#" : "0", CultureInfo.InvariantCulture),
        ViewKind.Milliseconds => Duration(number),
        _ => number.ToString("0.##", CultureInfo.InvariantCulture),
    };

    /// <summary>A number for programs.</summary>
    public static string Plain(double number) =>
        double.IsNaN(number) ? "" : number.ToString("0.###", CultureInfo.InvariantCulture);

    private static JsonElement At(JsonElement row, string path)
    {
        foreach (var part in path.Split('/'))
        {
            if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(part, out row))
                return default;
        }
        return row;
    }

    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;

    private static string Amount(double number, string unit)
    {
        string[] sizes = ["", "k", "M", "G", "T"];
        var size = 0;
        for (; number >= 1000 && size < sizes.Length - 1; size++)
            number /= 1024;
        var digits = number < 10 && size > 0 ? "0.#" : "0";
        return $"{number.ToString(digits, CultureInfo.InvariantCulture)} {sizes[size]}{unit}";
    }

    private static string Duration(double ms) => ms switch
    {
        < 1000 => $"{ms.ToString("0.#", CultureInfo.InvariantCulture)} ms",
        < 120_000 => $"{(ms / 1000).ToString("0", CultureInfo.InvariantCulture)} s",
        < 7_200_000 => $"{(ms / 60_000).ToString("0", CultureInfo.InvariantCulture)} min",
        < 172_800_000 => $"{(ms / 3_600_000).ToString("0", CultureInfo.InvariantCulture)} h",
        _ => $"{(ms / 86_400_000).ToString("0", CultureInfo.InvariantCulture)} d",
    };
}
