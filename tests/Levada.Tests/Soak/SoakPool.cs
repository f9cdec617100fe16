using Levada.Tests.Simulation;
using RabbitMQ.Client;

namespace Levada.Tests.Soak;

/// <summary>
/// An ordinary program with a pool of channels, of which it uses now this one and now that, and that opens one for a
/// moment at times: more channels than a leak begins with, and none of them leaks.
/// </summary>
internal sealed class SoakPool(SoakSetting setting) : SoakClient("soak-pool", setting, isProxied: false)
{
    private const int Channels = 30;

    private readonly Dice _dice = setting.DiceOf(3, 0);

    protected override async Task<bool> WorkAsync(IConnection connection, int life, CancellationToken stop)
    {
        var pool = new List<IChannel>();
        while (pool.Count < Channels)
            pool.Add(await connection.CreateChannelAsync(cancellationToken: CancellationToken.None));
        var queue = (await pool[0].QueueDeclareAsync(cancellationToken: CancellationToken.None)).QueueName;
        while (!stop.IsCancellationRequested)
        {
            var channel = _dice.Pick(pool);
            await channel.BasicPublishAsync("", queue, "work"u8.ToArray(), CancellationToken.None);
            await channel.BasicGetAsync(queue, autoAck: true, CancellationToken.None);
            if (_dice.Next(5) == 0)
            {
                await using var brief = await connection.CreateChannelAsync(cancellationToken: CancellationToken.None);
                await brief.QueuePurgeAsync(queue, CancellationToken.None);
            }
            Interlocked.Increment(ref Counts.Pooled);
            await Task.Delay(_dice.Between(5, 60), CancellationToken.None);
        }
        return true;
    }
}
