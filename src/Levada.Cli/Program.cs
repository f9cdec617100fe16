using System.CommandLine;
using System.CommandLine.Invocation;
using Levada.Cli;
using Levada.Cli.Control;
using Levada.Cli.Shell;

var tree = new CommandTree();
if (args is [CompletionCommand.Question, .. var question])
{
    await CompletionCommand.AnswerAsync(new Completion(tree.Root, new LiveNames(tree.Common)), question);
    return 0;
}
// The server handles signals itself: a first one stops gracefully, a second at once.
var line = tree.Root.Parse(args);
// Scripts read the output; that a command line makes no sense is said beside it.
if (line.Action is ParseErrorAction wrong)
    wrong.ShowHelp = false;
var code = await line.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
// What makes no sense to the parser ends as it does with rabbitmqctl.
return line.Errors.Count > 0 ? ControlExit.Usage : code;
