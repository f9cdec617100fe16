using Levada.Definitions;
using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>The definitions that the configuration names, imported before the first client comes.</summary>
public sealed partial class Broker
{
    // As RabbitMQ calls it: the hash of what was loaded last, JSON text.
    private const string LoadedHash = "imported_definition_hash_value";

    /// <exception cref="IOException">They cannot be read or imported, and nothing has changed.</exception>
    private async Task LoadDefinitionsAsync()
    {
        if (Options.LoadDefinitions.Length == 0)
            return;
        var (document, hash) = DefinitionsFiles.Read(Options.LoadDefinitions);
        hash = $"\"{hash}\"";
        if (Options.SkipUnchangedDefinitions && Catalog.GlobalParameters.GetValueOrDefault(LoadedHash) == hash)
        {
            LogUnchanged(Options.LoadDefinitions);
            return;
        }

        var done = new TaskCompletionSource<IReadOnlyList<DefinitionChange>>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            Catalog.Import(document, isDryRun: false, done.SetResult);
        }
        catch (Exception fault) when (fault is FormatException or Amqp.AmqpException)
        {
            throw new IOException($"load_definitions: {Options.LoadDefinitions}: {fault.Message}", fault);
        }

        var changes = await done.Task;
        foreach (var kept in changes.Where(static c => c.Outcome == DefinitionOutcome.Kept))
            LogKept(kept.Kind, kept.Name, kept.VHost ?? "", Options.LoadDefinitions);
        var added = changes.Count(static c => c.Outcome == DefinitionOutcome.Added);
        LogLoaded(Options.LoadDefinitions, changes.Count, added);
        if (Options.SkipUnchangedDefinitions)
            Catalog.SetGlobalParameter(LoadedHash, hash);
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "definitions in {Path} are as they were when they were loaded last")]
    private partial void LogUnchanged(string path);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "definitions loaded from {Path}: {Objects} objects, {Added} of them new")]
    private partial void LogLoaded(string path, int objects, int added);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Kind} '{Name}' in vhost '{VHost}' is not as {Path} has it; it stays as it is")]
    private partial void LogKept(string kind, string name, string vhost, string path);
}
