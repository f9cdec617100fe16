using System.CommandLine;
using System.Globalization;
using System.Text;
using Levada.Cli.Control;
using Levada.Offline;
using Levada.Platform;

namespace Levada.Cli.Data;

/// <summary><c>levada data</c>: looks into a data folder, and mends it, while no broker runs on it.</summary>
internal static class DataCommand
{
    private static readonly Argument<string> Folder = new("DIR") { Description = "The data folder of a broker." };

    private static readonly Option<bool> AsJson = new("--json") { Description = "Show it as JSON." };

    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Only say what is wrong and would be done.",
    };

    private static readonly Option<string> VHost = new("--vhost", "-p")
    {
        Description = "Only of this virtual host.", HelpName = "VHOST",
    };

    private static readonly Option<string> Queue = new("--queue")
    {
        Description = "Only of this queue.", HelpName = "NAME",
    };

    private static readonly Argument<string?> Target = new("TO")
    {
        Description = "A folder for definitions.json and messages.jsonl; without it the messages go to the output.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string?> DefinitionsFile = new("FILE")
    {
        Description = "Where to; without it, to the output.", Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create() => new(
        "data", "Looks into a data folder, and mends it, while no broker runs on it.")
    {
        New("list", "Shows virtual hosts, queues, how many messages and bytes, and the state of the journal.",
            [AsJson], ListAsync),
        New("verify", "Compares every checksum. Changes nothing; exit code 1 if something is damaged.",
            [AsJson], VerifyAsync),
        New("repair", "Cuts what was never finished, keeps copies of what is damaged, and says what is lost.",
            [DryRun], RepairAsync),
        New("export", "Writes messages as JSON lines, with their properties, and the definitions.",
            [Target, VHost, Queue], ExportAsync),
        New("definitions", "Writes the definitions as JSON, as the HTTP API does.",
            [DefinitionsFile], DefinitionsAsync),
    };

    private static Command New(
        string name, string description, Symbol[] symbols, Func<DataFolder, ParseResult, ProgressBars, Task<int>> run)
    {
        var command = new Command(name, description) { Folder };
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                command.Add(argument);
            else
                command.Add((Option)symbol);
        }
        command.SetAction((result, _) => ControlCommands.GuardAsync(() => GuardAsync(result, run)));
        return command;
    }

    private static async Task<int> GuardAsync(
        ParseResult result, Func<DataFolder, ParseResult, ProgressBars, Task<int>> run)
    {
        using var progress = new ProgressBars();
        try
        {
            using var folder = DataFolder.Open(result.GetRequiredValue(Folder), progress.Show);
            return await run(folder, result, progress);
        }
        catch (FolderInUseException e)
        {
            throw new ControlException(
                ControlExit.Unavailable, $"{e.Message.Split(';')[0]}: stop it first, or ask it by the other commands");
        }
        catch (InvalidDataException e)
        {
            throw new ControlException(ControlExit.BadData, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ControlException(ControlExit.Refused, e.Message);
        }
    }

    private static async Task<int> ListAsync(DataFolder folder, ParseResult result, ProgressBars bars)
    {
        var content = await folder.ListAsync();
        bars.Dispose();
        DataReport.Write(Console.Out, folder, content, result.GetValue(AsJson));
        return ControlExit.Done;
    }

    private static async Task<int> VerifyAsync(DataFolder folder, ParseResult result, ProgressBars bars)
    {
        var (content, faults) = await folder.VerifyAsync();
        bars.Dispose();
        DataReport.Write(Console.Out, content, faults, result.GetValue(AsJson));
        return faults.Any(static fault => !fault.IsTornTail) ? ControlExit.Damaged : ControlExit.Done;
    }

    private static async Task<int> RepairAsync(DataFolder folder, ParseResult result, ProgressBars bars)
    {
        var report = await folder.RepairAsync(result.GetValue(DryRun));
        bars.Dispose();
        DataReport.Write(Console.Out, report);
        return report.Left.Any(static fault => !fault.IsTornTail) ? ControlExit.Damaged : ControlExit.Done;
    }

    private static async Task<int> DefinitionsAsync(DataFolder folder, ParseResult result, ProgressBars bars)
    {
        var definitions = await folder.DefinitionsAsync();
        bars.Dispose();
        if (result.GetValue(DefinitionsFile) is { } file && file != "-")
            await File.WriteAllBytesAsync(file, definitions);
        else
            Console.Out.WriteLine(Encoding.UTF8.GetString(definitions));
        return ControlExit.Done;
    }

    private static async Task<int> ExportAsync(DataFolder folder, ParseResult result, ProgressBars bars)
    {
        var (vhost, queue) = (result.GetValue(VHost), result.GetValue(Queue));
        if (result.GetValue(Target) is not { } target || target == "-")
        {
            // They would be drawn over the messages.
            if (!Console.IsOutputRedirected)
                bars.Dispose();
            await using var output = Console.OpenStandardOutput();
            await ExportAsync(folder, vhost, queue, output);
            return ControlExit.Done;
        }
        Directory.CreateDirectory(target);
        await File.WriteAllBytesAsync(Path.Combine(target, "definitions.json"), await folder.DefinitionsAsync());
        var file = Path.Combine(target, "messages.jsonl");
        await using var to = File.Create(file);
        var count = await ExportAsync(folder, vhost, queue, to);
        bars.Dispose();
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} messages to {file}"));
        return ControlExit.Done;
    }

    private static async Task<long> ExportAsync(DataFolder folder, string? vhost, string? queue, Stream to)
    {
        using var lines = new MessageLines(to);
        var faults = await folder.ReadAsync(vhost, queue, lines.WriteAsync);
        await lines.FlushAsync();
        foreach (var fault in faults.Where(static fault => !fault.IsTornTail))
            await Console.Error.WriteLineAsync($"left out: {DataReport.Text(fault)}");
        return lines.Count;
    }
}
