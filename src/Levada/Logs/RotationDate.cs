using System.Globalization;
using System.Text.RegularExpressions;

namespace Levada.Logs;

/// <summary>
/// When a log file is rotated, as RabbitMQ writes it: $D0 is each day at midnight, $D23 at eleven in the evening, $H30
/// each hour at half past, $W0D4 each Sunday at four. In UTC.
/// </summary>
public sealed partial class RotationDate
{
    private readonly TimeSpan _every;
    private readonly TimeSpan _offset;
    private readonly string _text;

    private RotationDate(string text, TimeSpan every, TimeSpan offset) =>
        (_text, _every, _offset) = (text, every, offset);

    /// <returns>Null if the text is none of these.</returns>
    public static RotationDate? Parse(string text)
    {
        var match = Syntax().Match(text);
        if (!match.Success)
            return null;
        var (unit, number, hour) = (match.Groups["unit"].Value, Number("number"), Number("hour"));
        return unit switch
        {
            "D" when number < 24 && !match.Groups["hour"].Success =>
                new RotationDate(text, TimeSpan.FromDays(1), TimeSpan.FromHours(number)),
            "H" when number < 60 && !match.Groups["hour"].Success =>
                new RotationDate(text, TimeSpan.FromHours(1), TimeSpan.FromMinutes(number)),
            // Ticks begin on a Monday.
            "W" when number < 7 && hour < 24 => new RotationDate(
                text, TimeSpan.FromDays(7), TimeSpan.FromDays((number + 6) % 7) + TimeSpan.FromHours(hour)),
            _ => null,
        };

        int Number(string name) => match.Groups[name].Success
            ? int.Parse(match.Groups[name].ValueSpan, CultureInfo.InvariantCulture)
            : 0;
    }

    /// <summary>The first time after <paramref name="now"/>.</summary>
    public DateTimeOffset After(DateTimeOffset now)
    {
        var periods = (now.UtcTicks - _offset.Ticks) / _every.Ticks;
        return new DateTimeOffset(((periods + 1) * _every.Ticks) + _offset.Ticks, TimeSpan.Zero);
    }

    public override string ToString() => _text;

    [GeneratedRegex(@"^\$(?<unit>[DHW])(?<number>\d{1,2})(D(?<hour>\d{1,2}))?$")]
    private static partial Regex Syntax();
}
