using System.Globalization;
using System.Text;
using Levada.Tests.Host;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Xunit;

namespace Levada.Tests.Crash;

/// <summary>
/// One life of a broker that ends by SIGKILL while a publisher with confirms and a consumer with acknowledgements work
/// on its durable queues; and what must be true of the next life. Message numbers never repeat over the rounds.
/// </summary>
internal sealed class CrashRound : IDisposable
{
    private const int Outstanding = 200;
    private const ushort Prefetch = 50;

    // Settles that nobody waits for are on disk at the latest after 200 ms; this leaves room for a slow machine.
    private static readonly TimeSpan SettledForSure = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly HashSet<long> _confirmed = [];
    private readonly Dictionary<long, DateTime> _acked = [];
    private readonly SemaphoreSlim _window = new(Outstanding);
    private ulong _resolvedUpTo;
    private int _held;
    private readonly string[] _queues;
    private readonly long _firstNumber;
    private DateTime _killedAt;

    public CrashRound(string[] queues, long firstNumber)
    {
        _queues = queues;
        _firstNumber = NextNumber = firstNumber;
    }

    /// <summary>The number after the last one used.</summary>
    public long NextNumber { get; private set; }

    /// <summary>How many were confirmed.</summary>
    public int Confirmed => _confirmed.Count;

    /// <summary>Publishes and consumes until so many are confirmed, then kills the broker.</summary>
    public async Task RunUntilKilledAsync(BrokerProcess broker, int confirms)
    {
        await using var connection = await ConnectAsync(broker);
        await using var publisher = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false));
        foreach (var queue in _queues)
            await publisher.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        publisher.BasicAcksAsync += (_, ack) => OnConfirm(ack.DeliveryTag);
        await ConsumeAsync(connection);
        try
        {
            for (ulong tag = 1; ; tag++)
            {
                await _window.WaitAsync(TimeSpan.FromSeconds(20));
                if (Volatile.Read(ref _resolvedUpTo) >= (ulong)confirms)
                    break;
                await PublishAsync(publisher, _queues[tag % (ulong)_queues.Length]);
            }
        }
        finally
        {
            _killedAt = DateTime.UtcNow;
            await broker.KillAsync();
        }
    }

    private async Task PublishAsync(IChannel publisher, string queue)
    {
        var body = Encoding.ASCII.GetBytes(NextNumber.ToString(CultureInfo.InvariantCulture).PadRight(40, '.'));
        NextNumber++;
        await publisher.BasicPublishAsync(
            "", queue, mandatory: false, new BasicProperties { Persistent = true }, body);
    }

    private async Task ConsumeAsync(IConnection connection)
    {
        var channel = await connection.CreateChannelAsync();
        await channel.BasicQosAsync(0, Prefetch, global: false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            var number = NumberOf(delivery.Body);
            // A few stay unacknowledged until the crash, so that there is always something to come back.
            if (number % 16 == 0 && Interlocked.Increment(ref _held) <= Prefetch / 2)
                return;
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
            lock (_lock)
                _acked[number] = DateTime.UtcNow;
        };
        await channel.BasicConsumeAsync(_queues[0], autoAck: false, consumer);
    }

    private Task OnConfirm(ulong tag)
    {
        lock (_lock)
        {
            for (var number = _resolvedUpTo + 1; number <= tag; number++)
                _confirmed.Add(_firstNumber + (long)number - 1);
            _window.Release((int)(tag - _resolvedUpTo));
            Volatile.Write(ref _resolvedUpTo, tag);
        }
        return Task.CompletedTask;
    }

    /// <summary>Empties the queues of the next life and checks what was in them.</summary>
    public async Task CheckSurvivorsAsync(BrokerProcess broker)
    {
        await using var connection = await ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync();
        var found = new HashSet<long>();
        foreach (var queue in _queues)
        {
            var last = -1L;
            while (await channel.BasicGetAsync(queue, autoAck: true) is { } message)
            {
                var number = NumberOf(message.Body);
                Assert.True(found.Add(number), $"message {number} is there twice");
                Assert.True(number > last, $"message {number} comes after {last} in {queue}");
                Assert.InRange(number, _firstNumber, NextNumber - 1);
                CheckSettled(number, message.Redelivered);
                last = number;
            }
        }
        var lost = _confirmed.Where(n => !found.Contains(n) && !_acked.ContainsKey(n)).ToList();
        Assert.True(lost.Count == 0, $"{lost.Count} confirmed messages are lost, the first is {lost.FirstOrDefault()}");
    }

    private void CheckSettled(long number, bool redelivered)
    {
        if (!_acked.TryGetValue(number, out var at))
            return;
        Assert.True(redelivered, $"message {number}, acknowledged, came back without the redelivered mark");
        Assert.True(
            _killedAt - at < SettledForSure,
            $"message {number} came back, acknowledged {_killedAt - at} before the crash");
    }

    public void Dispose() => _window.Dispose();

    private static long NumberOf(ReadOnlyMemory<byte> body) =>
        long.Parse(Encoding.ASCII.GetString(body.Span).TrimEnd('.'), CultureInfo.InvariantCulture);

    private static Task<IConnection> ConnectAsync(BrokerProcess broker) => new ConnectionFactory
    {
        HostName = "127.0.0.1",
        Port = broker.Amqp.Port,
        AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync();
}
