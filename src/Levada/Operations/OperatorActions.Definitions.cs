using System.Text.Json;
using Levada.Amqp;
using Levada.Definitions;

namespace Levada.Operations;

// Definitions: import, and what it would do. An administrator's.
public sealed partial class OperatorActions
{
    /// <summary>Imports definitions, all or nothing.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="document">What is to be there.</param>
    /// <param name="vhost">The only virtual host it is about; null: everything.</param>
    public Task<OperatorResult> ImportAsync(OperatorRequest by, DefinitionsDocument document, string? vhost) =>
        ChangeAsync(
            by, OperatorAction.ImportDefinitions, vhost is null ? "everything" : $"vhost '{vhost}'",
            done =>
            {
                try
                {
                    _broker.Catalog.Import(
                        document, isDryRun: false,
                        changes => done(new OperatorResult(OperatorOutcome.Done, Summary(changes))), by.User);
                }
                catch (FormatException fault)
                {
                    done(new OperatorResult(OperatorOutcome.Invalid, fault.Message));
                }
            });

    /// <summary>What an import would do; nothing changes.</summary>
    /// <exception cref="FormatException">It could not be imported.</exception>
    public Task<IReadOnlyList<DefinitionChange>> TryImportAsync(DefinitionsDocument document)
    {
        var completion = new TaskCompletionSource<IReadOnlyList<DefinitionChange>>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        _broker.Catalog.Import(document, isDryRun: true, completion.SetResult);
        return completion.Task;
    }

    private static string Summary(IReadOnlyList<DefinitionChange> changes) => string.Join(
        ", ", Enum.GetValues<DefinitionOutcome>()
            .Select(outcome => (Count: changes.Count(c => c.Outcome == outcome), outcome))
            .Where(static group => group.Count > 0)
            .Select(static g => $"{g.Count} {JsonNamingPolicy.SnakeCaseLower.ConvertName($"{g.outcome}")}"));
}
