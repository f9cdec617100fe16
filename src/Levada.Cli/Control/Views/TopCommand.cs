using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Levada.Cli.Control.Views;

/// <summary><c>levada top</c>: who does most on this broker, live, on the whole screen.</summary>
internal static class TopCommand
{
    private const int WarningsMax = 4;

    /// <summary>Lines of a table's frame with its header.</summary>
    private const int FrameLines = 4;

    private static readonly Style Bold = new(decoration: Decoration.Bold);
    private static readonly Style Bad = new(Color.Red, decoration: Decoration.Bold);
    private static readonly Style Dim = new(Color.Grey);

    public static Command Create(ControlOptions common)
    {
        var command = new Command("top", "Shows live who does most, on the whole screen: channels and all else.");
        common.AddTo(command);
        command.SetAction((result, _) => ControlCommands.GuardAsync(async () =>
        {
            using var session = common.Open(result);
            // Before the screen is taken: who is refused is to read why.
            await session.Api.GetAsync("/api/overview");
            return await RunAsync(session.Api, session.IsVHostGiven ? session.VHost : null);
        }));
        return command;
    }

    private static async Task<int> RunAsync(BrokerApi api, string? vhost)
    {
        using var screen = new Screen();
        var state = new TopState();
        var readers = TopState.Views.ToDictionary(static view => view, view => new ViewReader(api, view));
        var figures = new TopFigures(api);
        IReadOnlyList<ViewRow> rows = [];
        View? shown = null;
        string? trouble = null;
        while (!screen.End.IsCancellationRequested)
        {
            var room = Room(figures);
            if (!state.IsPaused || shown != state.View)
            {
                try
                {
                    await figures.ReadAsync();
                    room = Room(figures);
                    rows = await readers[state.View].ReadAsync(state.Order(room, vhost), isForPeople: true);
                    (shown, trouble) = (state.View, null);
                }
                catch (ControlException e)
                {
                    trouble = e.Message.Split('\n')[0];
                }
            }
            var current = shown == state.View ? rows : [];
            Screen.Show([.. Frame(state, figures, current, readers[state.View].Total, trouble)]);
            if (await screen.ReadKeyAsync(state.Interval) is { } key)
                state.Press(key, room, readers[state.View].Total);
            if (state.IsQuit)
                screen.Quit();
        }
        return screen.ExitCode;
    }

    private static int Room(TopFigures figures) => Math.Max(
        1, Screen.Height - Math.Min(figures.Lines.Count, figures.Lines.Count - figures.Warnings + WarningsMax)
            - FrameLines - 2);

    private static IEnumerable<IRenderable> Frame(
        TopState state, TopFigures figures, IReadOnlyList<ViewRow> rows, long total, string? trouble)
    {
        var node = figures.Lines.Count - figures.Warnings;
        for (var i = 0; i < Math.Min(figures.Lines.Count, node + WarningsMax); i++)
            yield return Line(figures.Lines[i], i == 0 ? Bold : i >= node ? Bad : Style.Plain);
        var columns = state.View.Columns;
        var interval = state.Interval.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        var title = trouble
            ?? $"{state.View.Name}: {rows.Count} of {total} from {state.Skip + 1}, by {state.Sort.Title}, "
            + $"every {interval} s{(state.IsPaused ? ", paused" : "")}"
            + (state.Filter.Length > 0 || state.IsTyping ? $", /{state.Filter}" : "") + (state.IsTyping ? "_" : "");
        yield return Line(title, trouble is null ? Bold : Bad);
        yield return TableText.Framed(
            [.. columns.Select(static c => c.Title)],
            [.. rows.Select(row => ViewOutput.Cells(state.View, columns, row))], Screen.Width,
            Highlight.Cell(columns, state.Sort));
        yield return new Text(
            TableText.Cut(
                "1 connections  2 channels  3 queues  4 consumers  s/S sort  r reverse  / filter  p pause  "
                + "+/- speed  ↑/↓ page  q quit", Screen.Width),
            Dim);
    }

    private static Text Line(string text, Style style) => new(TableText.Cut(text, Screen.Width) + "\n", style);
}
