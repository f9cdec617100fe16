using Levada.Amqp;
using Levada.Configuration;

namespace Levada.Operations;

// What the node is told. All of it is an administrator's.
public sealed partial class OperatorActions
{
    /// <summary>Reads the configuration and the certificates again.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="made">Hears what came of it.</param>
    public Task<OperatorResult> ReloadConfigurationAsync(OperatorRequest by, Action<ReloadReport> made) =>
        ConfigureAsync(by, OperatorAction.ReloadConfiguration, "the node", () =>
        {
            var report = _broker.ReloadConfiguration();
            made(report);
            return $"{report.Changed.Count} changes, {report.NeedRestart.Count} need a restart";
        });

    /// <summary>Changes one live key, until the next reload or start.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="key">One of its names.</param>
    /// <param name="value">As in the file.</param>
    public Task<OperatorResult> SetConfigurationAsync(OperatorRequest by, string key, string value) => ConfigureAsync(
        by, OperatorAction.SetConfiguration, key, () =>
        {
            var change = _broker.SetConfiguration(new Setting($"set by {by.User}", key, value));
            return $"{change.From} to {change.To}";
        });

    /// <summary>Begins a new log file.</summary>
    public Task<OperatorResult> RotateLogAsync(OperatorRequest by) => ConfigureAsync(
        by, OperatorAction.RotateLog, _broker.Log.File ?? "no file", () =>
        {
            if (_broker.Log.Rotate is not { } rotate)
                throw new ConfigurationException("there is no log file (log.file)");
            rotate();
            return "";
        });

    private Task<OperatorResult> ConfigureAsync(
        OperatorRequest by, OperatorAction action, string target, Func<string> change) => RunAsync(
            by, action, target, isAllowed: true, () =>
            {
                if (!_broker.MayAdminister(by.User))
                    return Task.FromResult(new OperatorResult(OperatorOutcome.Denied, "Not administrator user"));
                try
                {
                    return Task.FromResult(new OperatorResult(OperatorOutcome.Done, change()));
                }
                catch (ConfigurationException e)
                {
                    return Task.FromResult(new OperatorResult(OperatorOutcome.Invalid, e.Message));
                }
            });
}
