using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Levada.Logs;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Logging;

/// <summary>
/// Events as lines: <c>2026-11-21T07:36:00.123Z INF connection text</c>, or JSON with RabbitMQ's keys. Whatever a
/// client put into the text, it stays one line: control characters are written as \xNN.
/// </summary>
internal static class LogText
{
    private const string Time = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static string OneLine(string text)
    {
        if (!text.Any(IsBreak))
            return text;
        var line = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (IsBreak(c))
                line.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else
                line.Append(c);
        }
        return line.ToString();
    }

    /// <summary>With its line end.</summary>
    public static void Append(StringBuilder to, LogEvent e) => to
        .Append(e.At.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture)).Append(' ')
        .Append(Short(e.Level)).Append(' ').Append(e.Origin).Append(' ').Append(e.Text).Append('\n');

    /// <summary>The same as JSON.</summary>
    public static void AppendJson(StringBuilder to, LogEvent e)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", e.At.UtcDateTime.ToString(Time, CultureInfo.InvariantCulture));
            json.WriteString("level", Word(e.Level));
            json.WriteString("domain", $"rabbitmq.{e.CategoryName}");
            json.WriteString("origin", e.Origin);
            json.WriteString("msg", e.Text);
            json.WriteEndObject();
        }
        to.Append(Encoding.UTF8.GetString(bytes.WrittenSpan)).Append('\n');
    }

    /// <summary>As in sd-daemon(3): the journal takes it from the line's beginning.</summary>
    public static int Priority(LogLevel level) => level switch
    {
        LogLevel.Critical => 2,
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        LogLevel.Information => 6,
        _ => 7,
    };

    private static bool IsBreak(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRC",
        LogLevel.Debug => "DBG",
        LogLevel.Information => "INF",
        LogLevel.Warning => "WRN",
        LogLevel.Error => "ERR",
        _ => "CRT",
    };
}
