namespace Levada.Cli.Shell;

/// <summary>What the help and the man page say besides the descriptions of commands and options.</summary>
internal static class HelpTexts
{
    public static IReadOnlyList<(string Name, string Text)> ExitCodes { get; } =
    [
        ("0", "Done, or well."),
        ("1", "Data is damaged."),
        ("64", "The command line makes no sense."),
        ("65", "What was given or found is not what it should be."),
        ("67", "Wrong user or password, or no such user."),
        ("69", "No broker answers, a check failed, there is no such thing; or a broker runs where none may."),
        ("70", "The broker refused; standard error says why."),
        ("75", "It took longer than the timeout."),
    ];

    public static IReadOnlyList<(string Name, string Text)> Variables { get; } =
    [
        ("LEVADA_API_URI", "Where the HTTP API is and who asks: http[s]://user:password@host:port."),
        ("LEVADA_CONTROL_UNIX_PATH", "The broker's control socket; no password is needed there."),
        ("LEVADA_DATA_DIR", "The broker's data folder; its control.sock is used."),
        ("LAVINMQCTL_HOST, LAVINMQCTL_CONTROL_UNIX_PATH", "The same by LavinMQ's names."),
        (LiveNames.Variable, "How long completion waits for names from a broker (default: 1)."),
        ("NO_COLOR", "If it is set nothing is coloured."),
        ("XDG_CONFIG_HOME", "The folder above the profiles' one."),
    ];

    public static IReadOnlyList<(string Name, string Text)> Files { get; } =
    [
        ("~/.config/levada/profiles", "Saved addresses and credentials, readable by their owner only."),
        ("DATA/control.sock", "The running broker's local socket."),
    ];

    /// <summary>By command.</summary>
    public static IReadOnlyList<(string Command, string[] Lines)> Examples { get; } =
    [
        ("server", ["levada server --data-dir /var/lib/levada"]),
        ("channels", ["levada channels --sort unacked --watch"]),
        ("connections", ["levada connections --filter user=orders --limit 20"]),
        ("queues", ["levada queues -p orders --sort messages"]),
        ("top", ["levada top"]),
        ("trace", ["levada trace '10.0.0.5:4711 -> 10.0.0.1:5672 (1)'"]),
        ("list_channels", ["levada list_channels pid user messages_unacknowledged"]),
        ("list_queues", ["levada list_queues -p orders -s name messages consumers"]),
        ("list_connections", ["levada list_connections --formatter json"]),
        ("close_connection", ["levada close_connection '10.0.0.5:4711 -> 10.0.0.1:5672' 'deploying'"]),
        ("set_policy", ["levada set_policy short '^tmp' '{\"expires\":60000}' --apply-to queues"]),
        ("set_permissions", ["levada set_permissions -p orders ada '^ada-' '.*' '.*'"]),
        ("add_user", ["echo secret | levada add_user ada"]),
        ("export_definitions", ["levada export_definitions backup.json"]),
        ("import_definitions", ["levada import_definitions backup.json --dry-run"]),
        ("profile", ["levada profile add production https://ops@broker.example.com:15671 --use"]),
        ("completion", ["source <(levada completion bash)", "levada completion fish | source"]),
        ("data", ["levada data verify /var/lib/levada", "levada data export /var/lib/levada out"]),
        ("perf", ["levada perf throughput -x 2 -y 2 -s 1024"]),
    ];
}
