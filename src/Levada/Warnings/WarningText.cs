using System.Globalization;

namespace Levada.Warnings;

/// <summary>Figures in the texts of warnings.</summary>
internal static class WarningText
{
    /// <summary>"45 s", "10 min", "6 h": whole, as nobody needs more.</summary>
    public static string Time(long ms)
    {
        var (value, unit) = ms switch
        {
            < 120_000 => (ms / 1000.0, "s"),
            < 7_200_000 => (ms / 60_000.0, "min"),
            _ => (ms / 3_600_000.0, "h"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value:0} {unit}");
    }

    public static string Rate(double rate) => rate.ToString("0.#", CultureInfo.InvariantCulture);
}
