using System.Diagnostics;
using Levada.Tests.Simulation;
using RabbitMQ.Client;

namespace Levada.Tests.Soak;

/// <summary>
/// One soak: ordinary clients, half of them over a bad network, hostile ones beside them, alarms and kills in between;
/// then quiet, and the accounts are made up.
/// </summary>
internal sealed class SoakRun(SoakSetting setting, DiskBallast ballast, TimeSpan time, Action<string> tell)
{
    private const string Exchange = "soak";
    private const int Queues = 4;
    private const int Publishers = 6;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AlarmPatience = TimeSpan.FromSeconds(20);

    private readonly Dice _dice = new(setting.Seed);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<QueueLedger> _ledgers =
        [.. Enumerable.Range(0, Queues).Select(i => new QueueLedger($"soak-{i}", setting.Findings))];

    /// <summary>How often, about, something is done to the whole broker.</summary>
    private TimeSpan Pace => time / 4 < TimeSpan.FromSeconds(20) ? time / 4 : TimeSpan.FromSeconds(20);

    public async Task RunAsync()
    {
        var (before, descriptors) = setting.Broker.Footprint();
        var publishers = MakePublishers();
        await DeclareAsync(publishers);
        using var stopHostile = new CancellationTokenSource();
        using var stopPublishing = new CancellationTokenSource();
        using var stopConsuming = new CancellationTokenSource();
        var hostile = new HostileClients(setting, stopHostile.Token).RunAsync();
        var publishing = Task.WhenAll(
            publishers.Append<SoakClient>(new SoakPool(setting)).Select(p => p.RunAsync(stopPublishing.Token)));
        var consuming = Task.WhenAll(MakeConsumers().Select(c => c.RunAsync(stopConsuming.Token)));
        try
        {
            await DisturbAsync();
        }
        finally
        {
            ballast.Lift();
            setting.Proxy.CalmDown();
            await stopHostile.CancelAsync();
            await stopPublishing.CancelAsync();
            await EndAsync("the hostile clients", hostile);
            await EndAsync("the publishers", publishing);
            await UntilAsync("all messages are consumed", async () => (await ObjectsAsync()).Messages == 0);
            await stopConsuming.CancelAsync();
            await EndAsync("the consumers", consuming);
        }
        await CheckRestAsync(before, descriptors);
    }

    private List<SoakPublisher> MakePublishers() =>
    [
        .. Enumerable.Range(0, Publishers).Select(id => new SoakPublisher(
            id, Exchange, id % 3 == 0 ? [_ledgers[id % Queues], _ledgers[(id + 1) % Queues]] : [_ledgers[id % Queues]],
            setting, isProxied: id % 2 == 0)),
    ];

    // One queue has a consumer over the bad network only, one an undisturbed one only, the others have both.
    private IEnumerable<SoakConsumer> MakeConsumers()
    {
        (int Queue, bool IsProxied)[] consumers = [(0, true), (1, false), (2, true), (2, false), (3, true), (3, false)];
        return consumers.Select((c, id) => new SoakConsumer(id, _ledgers[c.Queue], setting, c.IsProxied));
    }

    private async Task DeclareAsync(IEnumerable<SoakPublisher> publishers)
    {
        await using var connection = await new ConnectionFactory
        {
            HostName = "127.0.0.1", Port = setting.Broker.Amqp.Port,
        }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Exchange, ExchangeType.Direct, durable: true);
        foreach (var ledger in _ledgers)
            await channel.QueueDeclareAsync(ledger.Name, durable: true, exclusive: false, autoDelete: false);
        foreach (var publisher in publishers)
        {
            foreach (var ledger in publisher.Queues)
                await channel.QueueBindAsync(ledger.Name, Exchange, publisher.Key);
        }
    }

    /// <summary>Alarms and kills until the time is over or something is found. No kills in the last quarter.</summary>
    private async Task DisturbAsync()
    {
        var (alarm, kill, looked, told) = (Next(0.5), Next(1.5), TimeSpan.Zero, TimeSpan.Zero);
        while (_clock.Elapsed < time && !setting.Findings.Any.IsCancellationRequested)
        {
            await Task.Delay(200);
            if (_clock.Elapsed >= alarm)
            {
                await AlarmAsync();
                alarm = Next(0.5);
            }
            if (_clock.Elapsed >= kill && _clock.Elapsed < time * 0.75)
            {
                await KillAsync();
                kill = Next(1.5);
            }
            if (_clock.Elapsed < looked + LookEvery)
                continue;
            looked = _clock.Elapsed;
            await setting.Broker.CheckWarningsAsync();
            if (_clock.Elapsed < told + Pace)
                continue;
            told = _clock.Elapsed;
            await TellAsync();
        }
    }

    private TimeSpan Next(double paces) => _clock.Elapsed + (Pace * paces * (0.5 + (_dice.Next(1000) / 1000.0)));

    private async Task AlarmAsync()
    {
        Interlocked.Increment(ref setting.Counts.Alarms);
        ballast.Drop();
        await UntilAsync("the disk alarm is on", setting.Broker.IsAlarmedAsync, AlarmPatience);
        await Task.Delay(_dice.Between(200, 3000));
        // A broker that starts with little space has the alarm on from its first moment.
        if (_clock.Elapsed < time * 0.75 && _dice.Chance(20))
            await KillAsync();
        ballast.Lift();
        await UntilAsync("the disk alarm is off", async () => !await setting.Broker.IsAlarmedAsync(), AlarmPatience);
    }

    private async Task KillAsync()
    {
        Interlocked.Increment(ref setting.Counts.Kills);
        await setting.Broker.KillAsync(() => _ledgers.ForEach(l => l.Killed()));
    }

    /// <summary>Nothing is left of the clients, and every message is accounted for.</summary>
    private async Task CheckRestAsync(long megabytesBefore, int descriptorsBefore)
    {
        await UntilAsync("no connection, channel, consumer, exclusive queue or message is left", async () =>
            await ObjectsAsync() == new SoakObjects(0, 0, 0, Queues, 0)
            && (await setting.Broker.GetAsync("/api/connections")).GetArrayLength() == 0
            && (await setting.Broker.GetAsync("/api/channels")).GetArrayLength() == 0);
        await UntilAsync(
            "no memory is held for clients",
            async () => await setting.Broker.MetricAsync("levada_connections_held_bytes") == 0);
        await UntilAsync(
            "no body is left in a file", async () => await setting.Broker.MetricAsync("levada_body_files") == 0);
        await setting.Broker.CheckWarningsAsync();
        _ledgers.ForEach(l => l.CheckAllArrived());
        await TellAsync();
        var (megabytes, descriptors) = setting.Broker.Footprint();
        tell($"resident memory {megabytesBefore} MB before, {megabytes} MB after; descriptors {descriptorsBefore} "
            + $"before, {descriptors} after");
        foreach (var ledger in _ledgers)
        {
            var (confirmed, all) = ledger.Count(Fate.Confirmed);
            tell($"{ledger.Name}: {all} messages, {confirmed} confirmed, {ledger.Count(Fate.Seen).Have} consumed, "
                + $"{ledger.Count(Fate.Settled).Have} settled for sure");
        }
        if (megabytes > megabytesBefore + SoakTests.MegabytesMore)
            setting.Findings.Add($"resident memory grew from {megabytesBefore} to {megabytes} MB");
        if (descriptors > descriptorsBefore + SoakTests.DescriptorsMore)
        {
            setting.Findings.Add($"descriptors grew from {descriptorsBefore} to {descriptors}: "
                + setting.Broker.Descriptors());
        }
    }

    private async Task<SoakObjects> ObjectsAsync()
    {
        var overview = await setting.Broker.GetAsync("/api/overview");
        var objects = overview.GetProperty("object_totals");
        int Of(string name) => objects.GetProperty(name).GetInt32();
        return new SoakObjects(
            Of("connections"), Of("channels"), Of("consumers"), Of("queues"),
            overview.GetProperty("queue_totals").GetProperty("messages").GetInt64());
    }

    private async Task TellAsync()
    {
        var (megabytes, descriptors) = setting.Broker.Footprint();
        var objects = await ObjectsAsync();
        tell($"{_clock.Elapsed:hh\\:mm\\:ss} {setting.Counts}; {objects}; {megabytes} MB, {descriptors} descriptors");
    }

    private async Task EndAsync(string who, Task work)
    {
        if (await Task.WhenAny(work, Task.Delay(EndPatience)) == work)
            await work;
        else
            setting.Findings.Add($"{who} did not come to an end in {EndPatience}");
    }

    private async Task UntilAsync(string what, Func<Task<bool>> isTrue, TimeSpan? patience = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isTrue())
        {
            if (Stopwatch.GetElapsedTime(since) > (patience ?? EndPatience))
            {
                setting.Findings.Add($"in {patience ?? EndPatience} it did not become true that {what}: "
                    + $"{await ObjectsAsync()} {await setting.Broker.GetAsync("/api/connections")}");
                return;
            }
            await Task.Delay(100);
        }
    }
}
