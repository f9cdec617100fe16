namespace Levada.Amqp;

/// <summary>What the ticker does with the counts: warnings of limits that are near, and rates.</summary>
public sealed partial class OpenConnections
{
    private const int RateStepMs = 5_000;

    // Owner: the ticker.
    private long _nextStepMs;

    /// <summary>Called a few times a second. Logs without the lock.</summary>
    internal void Watch(long nowMs)
    {
        var news = new List<Action>();
        lock (_counting)
        {
            if (nowMs >= _nextStepMs)
                StepRates(nowMs);
            WatchNode(news);
            foreach (var vhost in _vhosts.All)
                WatchVHost(vhost, news);
            foreach (var user in _users.All)
                WatchUser(user, nowMs, news);
            if (Options.ConnectionMaxPerAddress > 0 || _addresses.Rate > 0)
            {
                foreach (var address in _addresses.All)
                    WatchAddress(address, nowMs, news);
            }
        }
        foreach (var tell in news)
            tell();
    }

    private void StepRates(long nowMs)
    {
        _nextStepMs = nowMs + RateStepMs;
        _node.Step(nowMs);
        foreach (var table in (UsageTable[])[_vhosts, _users, _products, _names, _addresses])
        {
            table.Others.Step(nowMs);
            foreach (var usage in table.All)
                usage.Step(nowMs);
        }
    }

    private void WatchNode(List<Action> news)
    {
        Check(
            news, "the node", "connections", _node.Connections,
            Bound.Configured(Options.ConnectionMax, Limits.Connections.Key), ref _node.NearConnections);
        Check(
            news, "the node", "channels", _node.Channels,
            Bound.Configured(Options.ChannelMaxPerNode, Limits.ChannelsPerNode.Key), ref _node.NearChannels);
    }

    private void WatchVHost(Usage usage, List<Action> news)
    {
        var who = $"vhost '{usage.Name}'";
        Check(
            news, who, "connections", usage.Connections,
            Bound.ConnectionsOf(_broker.Catalog.FindVHost(usage.Name), Options), ref usage.NearConnections);
        Check(
            news, who, "channels", usage.Channels,
            Bound.Configured(Options.ChannelMaxPerVHost, Limits.ChannelsPerVHost.Key), ref usage.NearChannels);
    }

    private void WatchUser(Usage usage, long nowMs, List<Action> news)
    {
        var who = $"user '{usage.Name}'";
        var user = _broker.Catalog.Accounts.Find(usage.Name);
        Check(
            news, who, "connections", usage.Connections, Bound.ConnectionsOf(user, Options),
            ref usage.NearConnections);
        Check(news, who, "channels", usage.Channels, Bound.ChannelsOf(user, Options), ref usage.NearChannels);
        CheckRate(news, who, usage, _users.Rate, Limits.RatePerUser.Key, nowMs);
    }

    private void WatchAddress(Usage usage, long nowMs, List<Action> news)
    {
        var who = $"address {usage.Name}";
        Check(
            news, who, "connections", usage.Connections,
            Bound.Configured(Options.ConnectionMaxPerAddress, Limits.ConnectionsPerAddress.Key),
            ref usage.NearConnections);
        CheckRate(news, who, usage, _addresses.Rate, Limits.RatePerAddress.Key, nowMs);
    }

    private void CheckRate(List<Action> news, string who, Usage usage, int rate, string key, long nowMs)
    {
        var used = rate - (int)usage.TokensLeft(rate, nowMs);
        Check(news, who, "new connections a second", used, Bound.Configured(rate, key), ref usage.NearRate);
    }

    private void Check(List<Action> news, string who, string what, int used, Bound bound, ref bool isNear)
    {
        if (!Limit.Changes(used, bound.Max, bound.IsLimited, ref isNear))
            return;
        var near = isNear;
        news.Add(() => Limits.Tell(near, who, what, used, bound.Max, bound.Setting));
    }

    /// <summary>Adds what each user, client product and connection name has opened and closed.</summary>
    internal void ReadTotals(List<(UsageKind Kind, string Name, Churn Total)> totals)
    {
        lock (_counting)
        {
            foreach (var table in (UsageTable[])[_users, _products, _names])
            {
                foreach (var usage in table.All)
                    totals.Add((usage.Kind, usage.Name, usage.Total));
            }
        }
    }

    internal ChurnRates NodeRates()
    {
        lock (_counting)
            return _node.Snapshot(Environment.TickCount64).Rates;
    }

    /// <summary>The most that one of a kind has open.</summary>
    internal (int Connections, int Channels, int Rate) Most(UsageKind kind)
    {
        var nowMs = Environment.TickCount64;
        lock (_counting)
        {
            var table = kind switch
            {
                UsageKind.VHost => _vhosts,
                UsageKind.User => _users,
                _ => _addresses,
            };
            return (
                table.All.Select(static u => u.Connections).DefaultIfEmpty().Max(),
                table.All.Select(static u => u.Channels).DefaultIfEmpty().Max(),
                table.All.Select(u => table.Rate - (int)u.TokensLeft(table.Rate, nowMs)).DefaultIfEmpty().Max());
        }
    }
}
