using System.CommandLine;
using System.CommandLine.Completions;

namespace Levada.Cli.Shell;

/// <summary>What may follow on a command line that is not finished: commands, options, and their values.</summary>
/// <param name="root">All commands.</param>
/// <param name="live">Names that a running broker knows; none if it does not answer at once.</param>
internal sealed class Completion(RootCommand root, LiveNames live)
{
    // Names of arguments, and metavariables of options, for which the shell offers files.
    private static readonly string[] FileNames = ["FILE", "DIR", "TO"];

    /// <summary>Null: the shell offers files.</summary>
    /// <param name="words">All words after the program's name, the last one being the one to complete.</param>
    public async Task<IReadOnlyList<(string Value, string Description)>?> FindAsync(IReadOnlyList<string> words)
    {
        var before = words.Take(words.Count - 1).ToList();
        var current = words.Count == 0 ? "" : words[^1];
        var (command, option, position, onlyArguments) = Follow(before);
        if (option is null && !onlyArguments && current.Contains('=') && Find(command, current[..current.IndexOf('=')])
            is { } assigned)
        {
            var name = current[..(current.IndexOf('=') + 1)];
            var values = await ValuesAsync(command, assigned, assigned.HelpName, before);
            return values is null ? null : Fitting(values.Select(v => (name + v.Value, v.Description)), current);
        }
        if (option is not null)
            return FittingOrFiles(await ValuesAsync(command, option, option.HelpName, before), current);
        if (current.StartsWith('-') && !onlyArguments)
        {
            return Fitting(
                Options(command).Where(static o => !o.Hidden).Select(static o => (o.Name, o.Description ?? "")),
                current);
        }
        if (position == 0 && command.Subcommands.Count > 0)
        {
            return Fitting(
                command.Subcommands.Where(static c => !c.Hidden)
                    .Select(static c => (c.Name, Sentences.First(c.Description))),
                current);
        }
        var argument = command.Arguments.ElementAtOrDefault(position)
            ?? command.Arguments.LastOrDefault(static a => a.Arity.MaximumNumberOfValues > 1);
        return argument is null ? [] : FittingOrFiles(
            await ValuesAsync(command, argument, argument.Name, before), current);
    }

    private (Command Command, Option? Option, int Position, bool OnlyArguments) Follow(List<string> words)
    {
        Command command = root;
        Option? option = null;
        var (position, onlyArguments) = (0, false);
        foreach (var word in words)
        {
            if (option is not null)
                option = null;
            else if (word == "--")
                onlyArguments = true;
            else if (word.StartsWith('-') && !onlyArguments)
                option = Find(command, word) is { } found && found.Arity.MinimumNumberOfValues > 0 ? found : null;
            else if (position == 0 && command.Subcommands.FirstOrDefault(
                c => c.Name == word || c.Aliases.Contains(word)) is { } below)
                command = below;
            else
                position++;
        }
        return (command, option, position, onlyArguments);
    }

    private static IEnumerable<Option> Options(Command command)
    {
        foreach (var option in command.Options)
            yield return option;
        foreach (var parent in command.Parents.OfType<Command>())
        {
            foreach (var option in Options(parent).Where(static o => o.Recursive))
                yield return option;
        }
    }

    private static Option? Find(Command command, string name) =>
        Options(command).FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name));

    private async Task<IEnumerable<(string Value, string Description)>?> ValuesAsync(
        Command command, Symbol symbol, string? kind, List<string> before)
    {
        var known = symbol.GetCompletions(CompletionContext.Empty).Select(static c => (c.Label, c.Detail ?? ""))
            .ToList();
        if (known.Count > 0)
            return known;
        if (kind is not null && FileNames.Contains(kind))
            return null;
        return await live.FindAsync(root.Parse(before), command.Name, kind);
    }

    private static List<(string, string)>? FittingOrFiles(
        IEnumerable<(string Value, string Description)>? values, string current) =>
        values is null ? null : Fitting(values, current);

    private static List<(string Value, string Description)> Fitting(
        IEnumerable<(string Value, string Description)> values, string current) =>
        [.. values.Where(v => v.Value.StartsWith(current, StringComparison.Ordinal)).DistinctBy(static v => v.Value)];
}
