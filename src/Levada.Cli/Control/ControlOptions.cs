using System.CommandLine;

namespace Levada.Cli.Control;

/// <summary>The options that every command to a running broker has: rabbitmqctl's and lavinmqctl's.</summary>
internal sealed class ControlOptions
{
    private readonly Option<string> _uri = Text("URI", "The broker's HTTP API: http[s]://user:password@host:port.",
        "--uri", "-U");

    private readonly Option<string> _socket = Text(
        "FILE", "The broker's control socket: no password is needed there.", "--socket", "--control-unix-path");

    private readonly Option<string> _profile = Text("PROFILE", "A saved address, see `levada profile`.", "--profile");

    private readonly Option<string> _host = Text("HOST", "The broker's host (default: localhost).", "--hostname", "-H");

    private readonly Option<int?> _port = new("--port", "-P")
    {
        Description = "Port of its HTTP API (default: 15672).", HelpName = "N",
    };

    private readonly Option<string> _user = Text("USER", "Who asks (default: guest).", "--user");
    private readonly Option<string> _password = Text("TEXT", "With which password (default: guest).", "--password");

    private readonly Option<string> _authorities = Text(
        "FILE", "PEM file of authorities that may have issued the broker's certificate.", "--cacert");

    private readonly Option<string> _certificate = Text("FILE", "PEM file of the client's own certificate.", "--cert");
    private readonly Option<string> _key = Text("FILE", "PEM file of its key, if it is not in the same one.", "--key");
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

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only show what would be changed." };

    // What rabbitmqctl's scripts say of Erlang.
    private readonly Option<string> _node = new("--node", "-n") { Hidden = true };
    private readonly Option<bool> _longNames = new("--longnames", "-l") { Hidden = true };
    private readonly Option<string> _cookie = new("--erlang-cookie") { Hidden = true };

    public ControlOptions()
    {
        _format.CompletionSources.Add("table", "pretty_table", "json", "csv");
        _profile.CompletionSources.Add(static _ => ProfileCommand.Names());
    }

    /// <summary>All of them, as the help shows them.</summary>
    public IReadOnlyCollection<Option> All =>
    [
        _socket, _uri, _profile, _host, _port, _user, _password, _authorities, _certificate, _key, _insecure, _vhost,
        _quiet, _silent, _noHeaders, _format, _timeout, _dryRun, _node, _longNames, _cookie,
    ];

    /// <summary>All but those whose names the command has for something of its own.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All.Where(option => command.Options.All(own => own.Name != option.Name)))
            command.Add(option);
    }

    /// <summary>Only those about certificates.</summary>
    public void AddTlsTo(Command command)
    {
        foreach (var option in (Option[])[_authorities, _certificate, _key, _insecure])
            command.Add(option);
    }

    public TlsFiles TlsOf(ParseResult result) => new()
    {
        Authorities = result.GetValue(_authorities), Certificate = result.GetValue(_certificate),
        Key = result.GetValue(_key), IsInsecure = result.GetValue(_insecure),
    };

    /// <summary>What a command is given to work with.</summary>
    /// <param name="result">The command line.</param>
    /// <param name="patience">How long an answer is waited for; null is as the command line says.</param>
    /// <exception cref="ControlException">An option makes no sense.</exception>
    public ControlSession Open(ParseResult result, TimeSpan? patience = null)
    {
        var given = new AddressOptions
        {
            Socket = result.GetValue(_socket), Uri = result.GetValue(_uri), Profile = result.GetValue(_profile),
            Host = result.GetValue(_host), Port = result.GetValue(_port), User = result.GetValue(_user),
            Password = result.GetValue(_password), Tls = TlsOf(result),
        };
        var address = BrokerAddress.Find(given, Environment.GetEnvironmentVariables(), ProfileFile.Usual);
        var seconds = result.GetValue(_timeout);
        var silent = result.GetValue(_silent);
        patience ??= seconds is > 0 and < 1e6 ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
        return new ControlSession(new BrokerApi(address, patience.Value) { IsDryRun = result.GetValue(_dryRun) })
        {
            VHost = result.GetValue(_vhost) ?? "/",
            IsPasswordGiven = given.Password is not null,
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
