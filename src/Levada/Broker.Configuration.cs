using Levada.Auth;
using Levada.Catalog;
using Levada.Configuration;
using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>What a reload of the configuration comes to in the broker.</summary>
public sealed partial class Broker
{
    /// <summary>Reads the configuration and the certificates again; the log says what came of it.</summary>
    /// <exception cref="ConfigurationException">Something is wrong in them; nothing has changed.</exception>
    public ReloadReport ReloadConfiguration()
    {
        ReloadReport report;
        try
        {
            report = Configuration.Reload();
        }
        catch (ConfigurationException e)
        {
            foreach (var problem in e.Problems)
                LogProblem(problem);
            throw;
        }
        foreach (var warning in report.Warnings)
            LogWithoutEffect(warning);
        foreach (var change in report.Changed)
            LogChanged(change.Key, change.From, change.To, change.Source);
        foreach (var change in report.NeedRestart)
            LogNeedsRestart(change.Key, change.From, change.To, change.Source);
        LogReloaded(report.Changed.Count, report.NeedRestart.Count);
        return report;
    }

    /// <summary>Changes one live key, until the next reload or start.</summary>
    /// <exception cref="ConfigurationException">It cannot be; nothing has changed.</exception>
    public ConfigurationChange SetConfiguration(Setting setting)
    {
        var change = Configuration.Set(setting);
        LogChanged(change.Key, change.From, change.To, change.Source);
        return change;
    }

    private CatalogOptions NewCatalogOptions() => new()
    {
        Folder = Path.Combine(Options.DataDir, "catalog"),
        MakesDefaults = Options.LoadDefinitions.Length == 0,
        DefaultVHost = Options.DefaultVHost,
        DefaultUser = Options.DefaultUser,
        DefaultPassword = Options.DefaultPass,
        DefaultPasswordHash = Options.DefaultPassHash,
        DefaultUserTags = Options.DefaultUserTags,
        DefaultPermissions = new Permissions(Options.DefaultConfigure, Options.DefaultWrite, Options.DefaultRead),
        DefaultUsers = Options.DefaultUsers,
        NewVHostLimits = Options.NewVHostLimits,
        NewVHostPolicies = Options.NewVHostPolicies,
        QueueMaxPerVHost = Options.QueueMaxPerVHost,
        DefaultQueueType = Options.DefaultQueueType,
        DefaultHashAlgorithm = Options.DefaultHashAlgorithm,
        DeduplicationCacheMax = Options.DeduplicationCacheMax,
        RecentHistoryBytes = Options.RecentHistoryBytes,
        QueueRefused = Limits.Queues.CountRefused,
    };

    // What is read from the options each time needs nothing here.
    private void FollowReloads()
    {
        // Without a certificate any more the listeners go on with the old one, until they go with a restart.
        Configuration.Add(next => next.Tls.CertificateFile is not null && _listeners.Tls is { } tls
            ? tls.Prepare(next.Tls, next.TlsHosts)
            : static () => { });
        Configuration.Add(_ => () => Log.Levels.Refresh());
        Configuration.Add(next => () =>
        {
            var catalog = Catalog.Options;
            catalog.QueueMaxPerVHost = next.QueueMaxPerVHost;
            catalog.DefaultQueueType = next.DefaultQueueType;
            catalog.DefaultHashAlgorithm = next.DefaultHashAlgorithm;
            catalog.DeduplicationCacheMax = next.DeduplicationCacheMax;
            catalog.RecentHistoryBytes = next.RecentHistoryBytes;
        });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "configuration not reloaded: {Problem}")]
    private partial void LogProblem(string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogWithoutEffect(string warning);

    [LoggerMessage(Level = LogLevel.Information, Message = "configuration: {Key} = {To} now, was {From} ({Source})")]
    private partial void LogChanged(string key, string from, string to, string source);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "configuration: {Key} = {To} needs a restart ({Source}); until then it is {From}")]
    private partial void LogNeedsRestart(string key, string from, string to, string source);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "configuration and certificates reloaded: {Changed} changes, {NeedRestart} need a restart")]
    private partial void LogReloaded(int changed, int needRestart);
}
