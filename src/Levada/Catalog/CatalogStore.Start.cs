using Levada.Auth;
using Levada.Exchanges;
using Levada.Platform;
using Levada.Queues;
using Microsoft.Extensions.Logging;

namespace Levada.Catalog;

// From the log to the state at start, and from the state to a log written anew.
public sealed partial class CatalogStore
{
    // What damage may have swallowed: records of the counters. Far more than a few leases or starts, and next to
    // nothing of what the counters can hold.
    private const ulong QueueIdStepAfterDamage = 1 << 24;
    private const uint EpochStepAfterDamage = 1 << 16;

    /// <summary>
    /// This start's number: it grows with each, and was made durable before <see cref="Start"/> returned. 0 before.
    /// </summary>
    public uint Epoch { get; private set; }

    /// <summary>
    /// Reads the log, or makes the defaults if there is none, and makes this start's epoch durable. Before anything
    /// else is called; waits for the disk. The hooks are not called for what is read.
    /// </summary>
    /// <exception cref="IOException">
    /// The disk fails, or the log was written by a later version of the broker.
    /// </exception>
    public CatalogReport Start()
    {
        var scan = _log.Open();
        var damage = scan?.Damage ?? [];
        if (scan is not null)
            Replay(scan, damage);
        // A first start may have ended before anything came in.
        var isEmpty = _vhosts.IsEmpty && _accounts.Users.IsEmpty && damage.Count == 0;
        if (isEmpty && _options.MakesDefaults)
            MakeDefaults();
        if (damage.Count > 0)
        {
            Epoch += EpochStepAfterDamage;
            _leasedQueueIds += QueueIdStepAfterDamage;
        }

        Epoch++;
        _nextQueueId = Math.Max(_nextQueueId, _leasedQueueIds);
        // From what was leased before nothing is used, so what is leased now is written with the epoch.
        _leasedQueueIds = _nextQueueId + QueueIdBlock;
        WriteStart(scan, damage.Count > 0, isEmpty);
        _log.TryReserve();
        Report(scan, damage);
        var queues = _vhosts.Values.SelectMany(vhost => vhost.Queues().Concat(vhost.DelayQueues())).ToList();
        return new CatalogReport(
            scan is null, scan?.Count ?? 0, scan?.TornOctets ?? 0, damage, queues, _nextQueueId);
    }

    private void WriteStart(CatalogScan? scan, bool isDamaged, bool wasEmpty)
    {
        try
        {
            if (isDamaged)
                _log.KeepDamaged();
            if (scan is null || wasEmpty || isDamaged || scan.TornOctets > 0 || _log.WantsRewrite)
            {
                _log.Rewrite(Snapshot());
                return;
            }
        }
        catch (DiskFullException) when (scan is not null)
        {
            // No room for another log: this one goes on, damage and all, and is rewritten at a later start.
            _log.ClearTail(scan.TornOctets);
        }

        AppendCounters();
    }

    private void AppendCounters()
    {
        var record = new RecordWriter();
        record.Epoch(Epoch);
        record.QueueIds(_leasedQueueIds);
        _log.Append([record]);
    }

    private void Replay(CatalogScan scan, List<string> damage)
    {
        lock (_lock)
        {
            var change = new Change { IsReplay = true, Record = RecordWriter.Nowhere };
            for (var i = 0; i < scan.Count; i++)
            {
                var fault = Replay(change, scan.Content(i));
                if (fault is not null)
                    damage.Add(fault);
            }

            var (vhosts, accounts) = (_newestVHosts, _newestAccounts);
            change.Show(() => (_vhosts, _accounts) = (vhosts, accounts));
            ShowGlobals(change, _newestGlobals);
            foreach (var vhost in vhosts.Values)
            {
                change.Repolicied.Add(vhost);
                change.Show(() => vhost.Parameters = vhost.NewestParameters);
            }
            change.AddedQueues.Clear();
            change.RemovedQueues.Clear();
            change.Seal();
            change.Publish(Hooks);
        }
    }

    /// <summary>
    /// The newest state as records. Called under the lock, or before there is anybody else; walked outside.
    /// </summary>
    private IEnumerable<RecordWriter> Snapshot()
    {
        var vhosts = _newestVHosts.Values.Select(static vhost => new VHostState(vhost)).ToList();
        return Records(Epoch, _leasedQueueIds, _newestAccounts, _newestGlobals, vhosts);
    }

    private static IEnumerable<RecordWriter> Records(
        uint epoch, ulong queueIds, Accounts accounts, IEnumerable<KeyValuePair<string, string>> globals,
        List<VHostState> vhosts)
    {
        var record = new RecordWriter();
        record.Epoch(epoch);
        record.QueueIds(queueIds);
        foreach (var (name, json) in globals)
            record.SetGlobalParameter(name, json);
        yield return record;
        foreach (var vhost in vhosts)
        {
            record.Clear();
            record.SetVHost(vhost.Name, vhost.Limits);
            foreach (var policy in vhost.Policies.Own.All.Concat(vhost.Policies.Operator.All))
                record.SetPolicy(policy);
            foreach (var parameter in vhost.Parameters.Values)
                record.SetParameter(parameter);
            if (vhost.Metadata != VHostMetadata.None)
                record.SetVHostMetadata(vhost.Name, vhost.Metadata);
            yield return record;
        }

        foreach (var user in accounts.Users.Values)
        {
            record.Clear();
            record.SetUser(user);
            yield return record;
        }

        foreach (var vhost in vhosts)
        {
            foreach (var step in TopologyOf(vhost))
            {
                record.Clear();
                step(record);
                yield return record;
            }
        }
    }

    // What is durable of it, each as a record.
    private static IEnumerable<Action<RecordWriter>> TopologyOf(VHostState vhost)
    {
        foreach (var (exchange, _) in vhost.Exchanges)
        {
            if (exchange.Durable && !exchange.IsDefault && !Predeclared.Any(known => known.Name == exchange.Name))
                yield return record => record.AddExchange(exchange);
        }

        foreach (var queue in vhost.Queues.Values())
        {
            if (!queue.Durable)
                continue;
            yield return record => record.AddQueue(queue);
            if (queue.IsNewestPaused)
                yield return record => record.PauseQueue(queue, isPaused: true);
        }

        foreach (var (exchange, table) in vhost.Exchanges)
        {
            if (!exchange.Durable)
                continue;
            foreach (var binding in DurableBindings(table))
                yield return record => record.AddBinding(binding);
        }
    }

    private static IEnumerable<Binding> DurableBindings(BindingTable table)
    {
        var bindings = new List<Binding>(table.Count);
        table.CopyTo(bindings);
        return bindings.Where(binding => binding.Durable);
    }

    private void Report(CatalogScan? scan, List<string> damage)
    {
        foreach (var text in damage)
            LogDamage(_options.Folder, text);
        if (scan is { TornOctets: > 0 })
            LogTorn(_options.Folder, scan.TornOctets, scan.LastNumber);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "definitions lost in {Folder}/catalog.log, kept for inspection as catalog.damaged: {Damage}")]
    private partial void LogDamage(string folder, string damage);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Folder}/catalog.log ended in {Octets} octets of an unfinished write after record {Record}; "
            + "they are cut, nothing in them was ever acknowledged")]
    private partial void LogTorn(string folder, long octets, ulong record);
}
