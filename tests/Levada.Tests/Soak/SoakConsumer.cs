using System.Threading.Channels;
using Levada.Tests.Simulation;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Levada.Tests.Soak;

/// <summary>
/// Consumes a queue and acknowledges in every way there is; now and then it asks the broker something on the same
/// channel, so that it knows of its acknowledgements that they have arrived.
/// </summary>
internal sealed class SoakConsumer(int id, QueueLedger queue, SoakSetting setting, bool isProxied)
    : SoakClient($"soak-consumer-{id}", setting, isProxied)
{
    private const int SyncAfter = 200;

    private readonly Dice _dice = setting.DiceOf(2, id);

    protected override async Task<bool> WorkAsync(IConnection connection, int life, CancellationToken stop)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: CancellationToken.None);
        await channel.BasicQosAsync(0, (ushort)_dice.Pick([5, 20, 100, 300]), global: false, CancellationToken.None);
        var arrived = Channel.CreateUnbounded<(ulong Tag, SoakMessage Message)>();
        var lastFresh = new Dictionary<(int, int), int>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, d) =>
        {
            arrived.Writer.TryWrite(Read(d, lastFresh));
            return Task.CompletedTask;
        };
        channel.ChannelShutdownAsync += (_, _) => Task.FromResult(arrived.Writer.TryComplete());
        var tag = await channel.BasicConsumeAsync(queue.Name, autoAck: false, consumer, CancellationToken.None);
        using var stopping = stop.Register(() => arrived.Writer.TryComplete());
        await ConsumeAsync(channel, arrived.Reader, life);
        if (!stop.IsCancellationRequested)
            return false;
        await channel.BasicCancelAsync(tag, noWait: false, CancellationToken.None);
        return true;
    }

    private (ulong Tag, SoakMessage Message) Read(BasicDeliverEventArgs d, Dictionary<(int, int), int> lastFresh)
    {
        Interlocked.Increment(ref Counts.Delivered);
        if (d.Redelivered)
            Interlocked.Increment(ref Counts.Redelivered);
        if (!SoakBody.TryRead(d.Body.Span, out var message))
            Findings.Add($"{Name}: delivery {d.DeliveryTag} has a damaged body, it begins as {message}");
        else
            queue.Delivered(message, d.Redelivered, lastFresh);
        return (d.DeliveryTag, message);
    }

    private async Task ConsumeAsync(
        IChannel channel, ChannelReader<(ulong Tag, SoakMessage Message)> arrived, int life)
    {
        var acked = new List<SoakMessage>();
        var held = new List<(ulong Tag, SoakMessage Message)>();
        while (await arrived.WaitToReadAsync())
        {
            while (arrived.TryRead(out var delivery))
            {
                if (_dice.Next(100) == 0)
                {
                    Interlocked.Increment(ref Counts.Requeued);
                    await channel.BasicNackAsync(delivery.Tag, multiple: false, requeue: true);
                    continue;
                }
                held.Add(delivery);
                if (_dice.Next(4) == 0)
                    await SettleAsync(channel, held, acked);
            }
            await SettleAsync(channel, held, acked);
            if (acked.Count >= SyncAfter)
                await SyncAsync(channel, acked, life);
            if (_dice.Next(30) == 0)
                await Task.Delay(_dice.Between(1, 100));
        }
        await SettleAsync(channel, held, acked);
        await SyncAsync(channel, acked, life);
    }

    private async Task SettleAsync(
        IChannel channel, List<(ulong Tag, SoakMessage Message)> held, List<SoakMessage> acked)
    {
        if (held.Count == 0)
            return;
        foreach (var (_, message) in held)
        {
            queue.AckSent(message);
            acked.Add(message);
        }
        var way = _dice.Next(10);
        if (way < 5)
            await channel.BasicAckAsync(held[^1].Tag, multiple: true);
        else if (way == 5)
            await channel.BasicNackAsync(held[^1].Tag, multiple: true, requeue: false);
        else
        {
            foreach (var (tag, _) in held)
                await channel.BasicAckAsync(tag, multiple: false);
        }
        held.Clear();
    }

    private async Task SyncAsync(IChannel channel, List<SoakMessage> acked, int life)
    {
        await channel.QueueDeclarePassiveAsync(queue.Name);
        Interlocked.Add(ref Counts.Settled, acked.Count);
        queue.Settled(acked, () => Broker.IsStill(life));
        acked.Clear();
    }
}
