using System.CommandLine;
using System.Globalization;
using System.Net;
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
        foreach (var name in listing.Switches)
            command.Add(new Option<bool>(name) { Hidden = true });
        var whose = new Option<string>("--user")
        {
            Description = "Whose (default: everybody's). Who asks is said by --uri or --profile here.",
            HelpName = "USER",
        };
        if (listing.ShowOfUserAsync is not null)
            command.Add(whose);
        options.AddTo(command);
        command.SetAction((result, _) => ControlCommands.GuardAsync(async () =>
        {
            using var session = options.Open(result);
            if (listing.ShowOfUserAsync is { } showOfUserAsync && result.GetValue(whose) is { } of)
            {
                if (session.IsPasswordGiven)
                {
                    throw new ControlException(
                        ControlExit.Usage,
                        $"--user of {listing.Name} says whose limits; say who asks by --uri http://USER:PASSWORD@HOST");
                }
                await showOfUserAsync(session, of);
                return ControlExit.Done;
            }
            var about = listing.About == ListingAbout.User ? result.GetRequiredValue(user) : session.VHost;
            var wanted = Choose(listing, result.GetValue(columns) ?? []);
            if (listing.TellsTimeout && session.Api.Patience is { } patience)
            {
                session.Say(string.Create(
                    CultureInfo.InvariantCulture, $"Timeout: {patience.TotalSeconds:0.0} seconds ..."));
            }
            session.Say(string.Format(CultureInfo.InvariantCulture, listing.Banner, about));
            var rows = await RowsAsync(session, listing, about);
            if (listing.IsBare && session.Format != OutputFormat.PrettyTable)
                await session.ShowBareAsync(listing.Columns[^1], rows);
            else
                session.Show(wanted, rows);
            return ControlExit.Done;
        }));
        return command;
    }

    private static IReadOnlyList<Column> Choose(Listing listing, string[] names)
    {
        if (names.Length == 0)
            return [.. listing.Columns.Take(listing.Defaults)];
        var chosen = names.Select(name => listing.Columns.FirstOrDefault(c => c.Name == name)
            ?? throw new ControlException(
                ControlExit.Usage,
                $"Info key(s) {name} are not supported; {listing.Name} has no column '{name}', it has "
                + string.Join(", ", listing.Columns.Select(static c => c.Name))));
        return listing.Order.Count == 0 ? [.. chosen]
            : [.. chosen.OrderBy(c => listing.Order.TakeWhile(name => name != c.Name).Count())];
    }

    /// <summary>What there is to show.</summary>
    public static async Task<IReadOnlyList<JsonElement>> RowsAsync(
        ControlSession session, Listing listing, string about)
    {
        var path = "/api/" + string.Format(
            CultureInfo.InvariantCulture, listing.Path, Uri.EscapeDataString(about));
        JsonElement answer;
        try
        {
            answer = await session.Api.GetAsync(path);
        }
        catch (ControlException e) when (e.Status == HttpStatusCode.NotFound)
        {
            throw listing.About == ListingAbout.VHost
                ? new ControlException(ControlExit.BadData, $"Virtual host '{about}' does not exist")
                : new ControlException(ControlExit.Invalid, $"User \"{about}\" does not exist");
        }
        // Some paths answer for all vhosts.
        return [.. answer.EnumerateArray().Where(row => listing.About != ListingAbout.VHost
            || !row.TryGetProperty("vhost", out var vhost) || vhost.GetString() == about)];
    }
}
