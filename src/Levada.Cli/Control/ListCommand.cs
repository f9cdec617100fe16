using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Levada.Cli.Control;

/// <summary>A command that shows a list, with the columns that were asked for.</summary>
internal static class ListCommand
{
    public static Command Create(Listing listing, ControlOptions options)
    {
        var command = new Command(listing.Name, listing.Description);
        var user = new Argument<string>("USER") { Description = "Whose." };
        if (listing.About == ListingAbout.User)
            command.Add(user);
        var columns = new Argument<string[]>("COLUMN")
        {
            Description = "What to show (default: "
                + string.Join(' ', listing.Columns.Take(listing.Defaults).Select(static c => c.Name)) + ").",
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "COLUMN",
        };
        columns.CompletionSources.Add([.. listing.Columns.Select(static c => c.Name)]);
        command.Add(columns);
        options.AddTo(command);
        command.SetAction((result, _) => ControlCommands.GuardAsync(async () =>
        {
            using var session = options.Open(result);
            var about = listing.About == ListingAbout.User ? result.GetRequiredValue(user) : session.VHost;
            var wanted = Choose(listing, result.GetValue(columns) ?? []);
            session.Say(string.Format(CultureInfo.InvariantCulture, listing.Banner, about));
            session.Show(wanted, await RowsAsync(session, listing, about));
            return ControlExit.Done;
        }));
        return command;
    }

    private static IReadOnlyList<Column> Choose(Listing listing, string[] names)
    {
        if (names.Length == 0)
            return [.. listing.Columns.Take(listing.Defaults)];
        return [.. names.Select(name => listing.Columns.FirstOrDefault(c => c.Name == name)
            ?? throw new ControlException(
                ControlExit.Usage,
                $"{listing.Name} has no column '{name}'; it has "
                + string.Join(", ", listing.Columns.Select(static c => c.Name))))];
    }

    private static async Task<IReadOnlyList<JsonElement>> RowsAsync(
        ControlSession session, Listing listing, string about)
    {
        var path = "/api/" + string.Format(
            CultureInfo.InvariantCulture, listing.Path, Uri.EscapeDataString(about));
        var answer = await session.Api.GetAsync(path);
        // Some paths answer for all vhosts.
        return [.. answer.EnumerateArray().Where(row => listing.About != ListingAbout.VHost
            || !row.TryGetProperty("vhost", out var vhost) || vhost.GetString() == about)];
    }
}
