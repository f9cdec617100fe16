using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Levada.Cli.Control;

namespace Levada.Cli.Shell;

/// <summary>
/// Names that a running broker knows, for completion. A shell waits for them while somebody types, so a broker that
/// does not answer at once, or refuses, has none.
/// </summary>
internal sealed class LiveNames(ControlOptions options)
{
    /// <summary>The variable with how many seconds are waited; 1 without it.</summary>
    public const string Variable = "LEVADA_COMPLETION_SECONDS";

    private static TimeSpan Patience => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and < 1000 ? seconds : 1);

    // By an argument's name or an option's metavariable: where in the API, and which key.
    private static readonly Dictionary<string, (string Path, string Key)> Kinds = new()
    {
        ["CONNECTION"] = ("connections", "name"),
        ["CHANNEL"] = ("channels", "name"),
        ["USER"] = ("users", "name"),
        ["VHOST"] = ("vhosts", "name"),
        ["QUEUE"] = ("queues/{0}", "name"),
        ["EXCHANGE"] = ("exchanges/{0}", "name"),
        ["POLICY"] = ("policies/{0}", "name"),
    };

    /// <param name="line">The command line so far: it may say which broker.</param>
    /// <param name="command">Whose argument or option it is.</param>
    /// <param name="kind">Its name or metavariable.</param>
    public async Task<IEnumerable<(string Value, string Description)>> FindAsync(
        ParseResult line, string command, string? kind)
    {
        kind = kind != "NAME" ? kind : KindOfName(command);
        if (kind is null || !Kinds.TryGetValue(kind, out var place))
            return [];
        try
        {
            using var session = options.Open(line, Patience);
            var path = "/api/" + string.Format(null, place.Path, Uri.EscapeDataString(session.VHost));
            var answer = await session.Api.GetAsync($"{path}?columns={place.Key}");
            return answer.EnumerateArray().Select(o => (Name(o, place.Key), "")).Where(static v => v.Item1.Length > 0);
        }
        catch (ControlException)
        {
            return [];
        }
    }

    private static string Name(JsonElement item, string key) =>
        item.TryGetProperty(key, out var name) ? name.GetString() ?? "" : "";

    private static string? KindOfName(string command) =>
        command.EndsWith("_queue", StringComparison.Ordinal) && command != "create_queue" ? "QUEUE"
        : command == "delete_exchange" ? "EXCHANGE"
        : command == "clear_policy" ? "POLICY"
        : null;
}
