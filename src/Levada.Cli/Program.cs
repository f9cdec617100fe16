using System.CommandLine;
using Levada.Cli;
using Levada.Cli.Shell;

var tree = new CommandTree();
if (args is [CompletionCommand.Question, .. var question])
{
    await CompletionCommand.AnswerAsync(new Completion(tree.Root, new LiveNames(tree.Common)), question);
    return 0;
}
// The server handles signals itself: a first one stops gracefully, a second at once.
return await tree.Root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
