using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Levada.Protocol;
using Levada.Tracing;

namespace Levada.Management.Api;

/// <summary>An entry of a trace.</summary>
internal sealed record TraceEntryReply
{
    public required long Sequence { get; init; }

    /// <summary>UTC, to the microsecond.</summary>
    public required string Time { get; init; }

    /// <summary>in, out.</summary>
    public required string Direction { get; init; }

    public required int Channel { get; init; }

    /// <summary>Such as basic.publish; also heartbeat, content, no frame, end.</summary>
    public required string Method { get; init; }

    [JsonConverter(typeof(FieldTableConverter))]
    public required FieldTable Arguments { get; init; }

    [JsonConverter(typeof(FieldTableConverter))]
    public FieldTable? Properties { get; init; }

    public ulong? BodySize { get; init; }

    /// <summary>What was kept of the body.</summary>
    public string? Payload { get; init; }

    /// <summary>string or base64, as in RabbitMQ's API.</summary>
    public string? PayloadEncoding { get; init; }

    public required string Text { get; init; }

    public string? Error { get; init; }

    public static TraceEntryReply Of(TraceEntry e)
    {
        var isText = e.Body is not null && Utf8.IsValid(e.Body);
        return new TraceEntryReply
        {
            Sequence = e.Sequence,
            Time = TimeOf(e),
            Direction = e.IsOut ? "out" : "in",
            Channel = e.Channel,
            Method = e.Method,
            Arguments = e.Arguments,
            Properties = e.Properties,
            BodySize = e.BodySize,
            Payload = e.Body is null ? null : isText ? Encoding.UTF8.GetString(e.Body) : Convert.ToBase64String(e.Body),
            PayloadEncoding = e.Body is null ? null : isText ? "string" : "base64",
            Text = e.Text,
            Error = e.Error,
        };
    }

    /// <summary>The entry for people: when, where, what, and what is wrong with it.</summary>
    public static string LineOf(TraceEntry e) =>
        string.Create(CultureInfo.InvariantCulture, $"{e.Sequence,6} {TimeOf(e)} {e.Channel,5} {e.Text}")
        + (e.Error is null ? "" : $"  !! {TraceText.Plain(e.Error)}");

    private static string TimeOf(TraceEntry e) =>
        e.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
}
