using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Levada.Cli.Control.Views;

/// <summary><c>levada channels</c> and its like: a list to look at, once or live.</summary>
internal static class ViewCommand
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);

    public static Command Create(View view, ControlOptions common)
    {
        var sort = new Option<string>("--sort")
        {
            Description = $"Column to sort by (default: {view.Sort}); numbers fall, texts rise.", HelpName = "COLUMN",
        };
        sort.CompletionSources.Add([.. view.Columns.Select(static c => c.Title)]);
        var reverse = new Option<bool>("--reverse", "-r") { Description = "The other way round." };
        var filter = new Option<string[]>("--filter")
        {
            Description = "COLUMN=TEXT, COLUMN~REGEX, COLUMN>N, COLUMN<N, or a text that is anywhere; all must hold.",
            HelpName = "TEXT", AllowMultipleArgumentsPerToken = false,
        };
        var limit = new Option<int?>("--limit") { Description = "At most so many rows.", HelpName = "N" };
        var columns = new Option<string>("--columns")
        {
            Description = "Which to show, separated by commas: "
                + string.Join(", ", view.Columns.Select(static c => c.Title)) + ".",
            HelpName = "COLUMNS",
        };
        var watch = new Option<string?>("--watch", "-w")
        {
            Description = "Shows it live, anew each second, or as many seconds as are given; Ctrl+C leaves.",
            HelpName = "SECONDS", Arity = ArgumentArity.ZeroOrOne,
        };
        var wide = new Option<bool>("--wide") { Description = "Nothing is cut to the terminal's width." };
        var command = new Command(view.Name, view.Description) { sort, reverse, filter, limit, columns, watch, wide };
        common.AddTo(command);
        command.SetAction((result, _) => ControlCommands.GuardAsync(async () =>
        {
            using var session = common.Open(result);
            var order = new ViewOrder
            {
                Sort = view.Column(result.GetValue(sort) ?? view.Sort), IsReversed = result.GetValue(reverse),
                Filters = [.. (result.GetValue(filter) ?? []).Select(text => RowFilter.Parse(view, text))],
                Limit = result.GetValue(limit) is { } most and > 0 ? most : int.MaxValue,
                VHost = session.IsVHostGiven ? session.VHost : null,
            };
            IReadOnlyList<ViewColumn> shown = result.GetValue(columns) is not { } names ? view.Columns
                : [.. names.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => view.Column(n.Trim()))];
            if (result.GetResult(watch) is not null)
                return await WatchAsync(session.Api, view, shown, order, IntervalOf(result.GetValue(watch)));
            var rows = await new ViewReader(session.Api, view).ReadAsync(
                order, isForPeople: session.Format == OutputFormat.PrettyTable);
            ViewOutput.Write(session, view, shown, rows, result.GetValue(wide));
            return ControlExit.Done;
        }));
        return command;
    }

    private static TimeSpan IntervalOf(string? seconds) => seconds is null ? DefaultInterval
        : double.TryParse(seconds, CultureInfo.InvariantCulture, out var number) && number is >= 0.1 and < 86_400
            ? TimeSpan.FromSeconds(number)
            : throw new ControlException(ControlExit.Usage, $"--watch {seconds}: seconds from 0.1 on");

    private static async Task<int> WatchAsync(
        BrokerApi api, View view, IReadOnlyList<ViewColumn> columns, ViewOrder order, TimeSpan interval)
    {
        using var screen = new Screen();
        var reader = new ViewReader(api, view);
        var header = columns.Select(static c => c.Title).ToList();
        while (!screen.End.IsCancellationRequested)
        {
            // The table's frame takes four lines, the one above it another one.
            var room = Math.Max(1, Screen.Height - 5);
            var rows = await reader.ReadAsync(order with { Limit = Math.Min(order.Limit, room) }, isForPeople: true);
            var title = $"{view.Name}: {rows.Count} of {reader.Total}, by {order.Sort.Title}, every "
                + string.Create(CultureInfo.InvariantCulture, $"{interval.TotalSeconds:0.#} s; q or Ctrl+C leaves");
            Screen.Show(
                new Text(TableText.Cut(title, Screen.Width) + "\n", new Style(decoration: Decoration.Bold)),
                TableText.Framed(
                    header, [.. rows.Select(row => ViewOutput.Cells(view, columns, row))], Screen.Width, Highlight.Cell(
                        columns)));
            if (await screen.ReadKeyAsync(interval) is { KeyChar: 'q' or 'Q' })
                screen.Quit();
        }
        return screen.ExitCode;
    }
}
