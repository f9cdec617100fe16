using System.CommandLine;
using Levada.Cli.Control;
using Levada.Cli.Data;
using Levada.Cli.Perf;
using Levada.Cli.Proxy;
using Levada.Cli.Server;

var root = new RootCommand("Levada, a message broker for AMQP 0-9-1.")
{
    ServerCommand.Create(),
    ConfigCommand.Create(),
    ProxyCommand.Create(),
    PerfCommand.Create(),
    DataCommand.Create(),
};
foreach (var command in ControlCommands.CreateAll())
    root.Add(command);
// The server handles signals itself: a first one stops gracefully, a second at once.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
