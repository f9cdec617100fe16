using System.Text.Json;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>One command to a running broker: whom to ask, about which vhost, and how to show what it says.</summary>
internal sealed class ControlSession(BrokerApi api) : IDisposable
{
    private string? _node;

    public BrokerApi Api => api;

    public required string VHost { get; init; }

    /// <summary>The user named it; else it is the default one.</summary>
    public required bool IsVHostGiven { get; init; }

    public bool IsPasswordGiven { get; init; }

    public required bool WithBanner { get; init; }

    public required bool WithHeader { get; init; }

    public required OutputFormat Format { get; init; }

    /// <summary>It writes to a terminal.</summary>
    public static bool IsOnTerminal => !Console.IsOutputRedirected;

    /// <summary>What the command was run for.</summary>
    public void Tell(string text, JsonObject? json)
    {
        if (Format == OutputFormat.Json)
            Console.Out.WriteLine(Relaxed(json ?? new JsonObject { ["message"] = text }));
        else if (text.Length > 0)
            Console.Out.WriteLine(text);
    }

    /// <summary>The broker's name for itself.</summary>
    public async Task<string> NodeAsync() =>
        _node ??= (await api.GetAsync("/api/overview")).GetProperty("node").GetString()!;

    /// <summary>The line that says what is being done.</summary>
    public void Say(string banner)
    {
        if (WithBanner && Format is OutputFormat.Table or OutputFormat.PrettyTable)
            Console.Out.WriteLine(banner);
    }

    public void Show(IReadOnlyList<Column> columns, IReadOnlyList<JsonElement> rows) =>
        RowWriter.Write(Console.Out, Format, WithHeader, columns, rows);

    /// <summary>The values of one column, a line each.</summary>
    public async Task ShowBareAsync(Column column, IReadOnlyList<JsonElement> rows)
    {
        var node = Format == OutputFormat.Json ? await NodeAsync() : "";
        foreach (var row in rows)
        {
            var text = column.In(row).GetRawText();
            Console.Out.WriteLine(Format != OutputFormat.Json ? text
                : Relaxed(new JsonObject { ["node"] = node, ["result"] = "ok", ["value"] = text }));
        }
    }

    public void Dispose() => api.Dispose();

    /// <summary>On one line, with letters of all alphabets as they are.</summary>
    public static string Relaxed(JsonObject json)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, RowWriter.Relaxed))
            json.WriteTo(writer);
        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
