using System.CommandLine;

namespace Levada.Cli.Control;

/// <summary>The options that every command to a running broker has: rabbitmqctl's and lavinmqctl's.</summary>
internal sealed class ControlOptions
{
    private readonly Option<string> _uri = Text("URI", "The broker's HTTP API: http[s]://user:password@host:port.",
        "--uri", "-U");

    private readonly Option<string> _profile = Text(
        "NAME", $"A section of {BrokerAddress.ProfileFile} that has the key `uri`.", "--profile");

    private readonly Option<string> _host = Text("HOST", "The broker's host (default: localhost).", "--hostname", "-H");

    private readonly Option<int?> _port = new("--port", "-P")
    {
        Description = "Port of its HTTP API (default: 15672).", HelpName = "N",
    };

    private readonly Option<string> _user = Text("NAME", "Who asks (default: guest).", "--user");
    private readonly Option<string> _password = Text("TEXT", "With which password (default: guest).", "--password");

    private readonly Option<bool> _insecure = new("--insecure") { Description = "Accept any certificate." };
    private readonly Option<string> _vhost = Text("VHOST", "Virtual host (default: /).", "--vhost", "-p");
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No line that says what is done." };
    private readonly Option<bool> _silent = new("--silent", "-s") { Description = "Nor table headers." };
    private readonly Option<bool> _noHeaders = new("--no-table-headers") { Description = "No table headers." };

    private readonly Option<string> _format = Text(
        "FORMAT", "table, pretty_table, json or csv (default: pretty_table on a terminal, else table).",
        "--formatter", "-f");

    private readonly Option<double> _timeout = new("--timeout", "-t")
    {
        Description = "Seconds to wait for an answer.", HelpName = "SECONDS", DefaultValueFactory = static _ => 60,
    };

    private readonly Option<string> _node = new("--node", "-n") { Hidden = true };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_uri, _profile, _host, _port, _user, _password, _insecure, _vhost,
            _quiet, _silent, _noHeaders, _format, _timeout, _node])
        {
            command.Add(option);
        }
    }

    /// <summary>What a command is given to work with.</summary>
    /// <exception cref="ControlException">An option makes no sense.</exception>
    public ControlSession Open(ParseResult result)
    {
        var address = BrokerAddress.Find(
            new AddressOptions(
                result.GetValue(_uri), result.GetValue(_profile), result.GetValue(_host), result.GetValue(_port),
                result.GetValue(_user), result.GetValue(_password) ?? "guest", result.GetValue(_insecure)),
            Environment.GetEnvironmentVariables());
        var seconds = result.GetValue(_timeout);
        var silent = result.GetValue(_silent);
        return new ControlSession(new BrokerApi(
            address, seconds is > 0 and < 1e6 ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan))
        {
            VHost = result.GetValue(_vhost) ?? "/",
            IsVHostGiven = result.GetValue(_vhost) is not null,
            WithBanner = !silent && !result.GetValue(_quiet),
            WithHeader = !silent && !result.GetValue(_noHeaders),
            Format = FormatOf(result.GetValue(_format)),
        };
    }

    private static OutputFormat FormatOf(string? name) => name switch
    {
        null => Console.IsOutputRedirected ? OutputFormat.Table : OutputFormat.PrettyTable,
        "table" or "text" => OutputFormat.Table,
        "pretty_table" => OutputFormat.PrettyTable,
        "json" => OutputFormat.Json,
        "csv" => OutputFormat.Csv,
        _ => throw new ControlException(
            ControlExit.Usage, $"--formatter {name}: there are table, pretty_table, json and csv"),
    };

    private static Option<string> Text(string helpName, string description, string name, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = helpName };
}
