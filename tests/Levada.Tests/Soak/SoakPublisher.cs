using Levada.Tests.Simulation;
using RabbitMQ.Client;

namespace Levada.Tests.Soak;

/// <summary>
/// Publishes numbered persistent messages with confirms to one key, which leads to one queue or several. A number that
/// was not confirmed when the connection was lost is never sent again: it may be there or not.
/// </summary>
internal sealed class SoakPublisher(
    int id, string exchange, IReadOnlyList<QueueLedger> queues, SoakSetting setting, bool isProxied)
    : SoakClient($"soak-publisher-{id}", setting, isProxied)
{
    private const int Window = 256;

    // Longer than any alarm and than the heartbeat that ends a connection which nothing passes.
    private static readonly TimeSpan ConfirmPatience = TimeSpan.FromSeconds(90);

    private readonly Dice _dice = setting.DiceOf(1, id);
    private int _next;
    private int _connections;

    public IReadOnlyList<QueueLedger> Queues => queues;

    public string Key => $"to.{id}";

    protected override async Task<bool> WorkAsync(IConnection connection, int life, CancellationToken stop)
    {
        _connections++;
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), CancellationToken.None);
        using var confirms = new SoakConfirms(Window, _next, Confirm);
        using var isLost = new CancellationTokenSource();
        channel.BasicAcksAsync += (_, a) => confirms.ResolveAsync(a.DeliveryTag, a.Multiple);
        channel.BasicNacksAsync += (_, n) => Unwanted($"nack {n.DeliveryTag}");
        channel.BasicReturnAsync += (_, r) => Unwanted($"return {r.ReplyCode} {r.ReplyText} {r.RoutingKey}");
        channel.ChannelShutdownAsync += (_, _) => isLost.CancelAsync();
        while (!stop.IsCancellationRequested)
        {
            for (var burst = _dice.Between(1, 40); burst > 0; burst--)
            {
                await WaitAsync(confirms, 1, isLost.Token);
                await PublishAsync(channel, confirms, isLost.Token);
            }
            await Task.Delay(_dice.Between(10, 80), isLost.Token);
        }
        await WaitAsync(confirms, Window, isLost.Token);
        return true;
    }

    private async Task WaitAsync(SoakConfirms confirms, int places, CancellationToken isLost)
    {
        for (var place = 0; place < places; place++)
        {
            if (await confirms.Places.WaitAsync(ConfirmPatience, isLost))
                continue;
            Findings.Add($"{Name}: no confirm for {ConfirmPatience} on a connection that lives; {confirms}");
            return;
        }
    }

    private async Task PublishAsync(IChannel channel, SoakConfirms confirms, CancellationToken isLost)
    {
        var number = _next++;
        var body = SoakBody.Make(new SoakMessage(id, _connections, number), Size());
        foreach (var queue in queues)
            queue.Sent(id, number);
        confirms.Sent();
        Interlocked.Increment(ref Counts.Sent);
        await channel.BasicPublishAsync(
            exchange, Key, mandatory: true, new BasicProperties { Persistent = true }, body, isLost);
    }

    private Task Unwanted(string what)
    {
        Findings.Add($"{Name}: {what}");
        return Task.CompletedTask;
    }

    // Mostly small, some that fill frames, few that are files.
    private int Size() => _dice.Next(1000) switch
    {
        < 900 => _dice.Between(SoakBody.Smallest, 400),
        < 990 => _dice.Between(1000, 20_000),
        < 999 => _dice.Between(100_000, 400_000),
        _ => _dice.Between(1 << 20, 3 << 20),
    };

    private void Confirm(int number)
    {
        Interlocked.Increment(ref Counts.Confirmed);
        foreach (var queue in queues)
            queue.Confirmed(id, number);
    }
}
