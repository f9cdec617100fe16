using System.Text.Json;

namespace Levada.Cli.Control;

/// <summary>One command to a running broker: whom to ask, about which vhost, and how to show what it says.</summary>
internal sealed class ControlSession(BrokerApi api) : IDisposable
{
    public BrokerApi Api => api;

    public required string VHost { get; init; }

    /// <summary>The user named it; else it is the default one.</summary>
    public required bool IsVHostGiven { get; init; }

    public required bool WithBanner { get; init; }

    public required bool WithHeader { get; init; }

    public required OutputFormat Format { get; init; }

    /// <summary>The line that says what is being done.</summary>
    public void Say(string banner)
    {
        if (WithBanner && Format is OutputFormat.Table or OutputFormat.PrettyTable)
            Console.Out.WriteLine(banner);
    }

    public void Show(IReadOnlyList<Column> columns, IReadOnlyList<JsonElement> rows) =>
        RowWriter.Write(Console.Out, Format, WithHeader, columns, rows);

    public void Dispose() => api.Dispose();
}
