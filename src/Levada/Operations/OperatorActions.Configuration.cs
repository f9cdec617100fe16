using Levada.Amqp;
using Levada.Configuration;

namespace Levada.Operations;

// What the node is told. All of it is an administrator's.
public sealed partial class OperatorActions
{
    /// <summary>Reads the configuration and the certificates again.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="made">Hears what came of it.</param>
    public Task<OperatorResult> ReloadConfigurationAsync(OperatorRequest by, Action<ReloadReport> made) => RunAsync(
        by, OperatorAction.ReloadConfiguration, "the node", isAllowed: true, () =>
        {
            if (!_broker.MayAdminister(by.User))
                return Task.FromResult(new OperatorResult(OperatorOutcome.Denied, "Not administrator user"));
            try
            {
                var report = _broker.ReloadConfiguration();
                made(report);
                return Task.FromResult(new OperatorResult(
                    OperatorOutcome.Done,
                    $"{report.Changed.Count} changes, {report.NeedRestart.Count} need a restart"));
            }
            catch (ConfigurationException e)
            {
                return Task.FromResult(new OperatorResult(OperatorOutcome.Invalid, e.Message));
            }
        });
}
