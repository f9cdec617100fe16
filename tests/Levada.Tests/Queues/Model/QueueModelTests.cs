using System.Globalization;
using System.Text;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Queues.Model;

/// <summary>
/// Random requests on queues with random arguments, compared with a model after each: TTL, length limits, priorities,
/// dead-lettering in circles, delivery limits, restarts.
/// </summary>
public sealed class QueueModelTests
{
    private const int Steps = 250;
    private const int SeedsByDefault = 12;

    private readonly List<string> _trace = [];

    // By delivery tag.
    private readonly Dictionary<ulong, (ModelQueue Queue, ModelMessage Message)> _held = [];
    private readonly ManualTime _time = new();
    private RawConnection _connection = null!;
    private QueueModel _model = null!;
    private Random _random = null!;
    private int _number;
    private ulong _published;

    /// <summary>From 1 on; LEVADA_QUEUE_SEEDS=100-200 takes others, for a night.</summary>
    public static TheoryData<int> Seeds
    {
        get
        {
            string[]? range = Environment.GetEnvironmentVariable("LEVADA_QUEUE_SEEDS")?.Split('-');
            var first = range is null ? 1 : int.Parse(range[0], CultureInfo.InvariantCulture);
            var last = range is null ? SeedsByDefault : int.Parse(range[1], CultureInfo.InvariantCulture);
            return [.. Enumerable.Range(first, last - first + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Queues_do_what_lists_would_do(int seed)
    {
        _random = new Random(seed);
        await using var broker = await TestBroker.StartAsync(static _ => { }, _time);
        _model = new QueueModel(PickQueue("a"), PickQueue("b"), PickQueue("c"));
        try
        {
            Connect(broker);
            foreach (var queue in _model.Queues)
            {
                _trace.Add(string.Join(", ", queue.Arguments().Select(static a => $"{a.Key}={a.Value}")));
                _connection.DeclareQueue(1, queue.Name, durable: true, arguments: queue.Arguments());
            }
            for (var i = 0; i < Steps; i++)
                await StepAsync(broker);
            foreach (var queue in _model.Queues)
            {
                while (Get(queue))
                {
                    _model.Settle();
                    await CompareAsync(broker);
                }
            }
        }
        catch (Exception e)
        {
            Assert.Fail($"seed {seed}: {string.Join("; ", _trace)}\n{e}");
        }
        finally
        {
            _connection.Dispose();
        }
    }

    private ModelQueue PickQueue(string name) => new()
    {
        Name = name,
        MaxPriority = Pick(0, 0, 1, 5, 255),
        TtlMs = Maybe(Pick(0, 200, 500)),
        MaxLength = Maybe(Pick(0, 3, 8)),
        MaxLengthBytes = Maybe(Pick(20, 100)),
        Overflow = Pick("drop-head", "drop-head", "reject-publish", "reject-publish-dlx"),
        DeliveryLimit = Maybe(Pick(0, 1, 3)),
        DeadLetterTo = _random.Next(5) == 0 ? null : Pick("a", "b", "c"),
    };

    private int? Maybe(int value) => _random.Next(3) == 0 ? value : null;

    private T Pick<T>(params ReadOnlySpan<T> values) => values[_random.Next(values.Length)];

    private async Task StepAsync(TestBroker broker)
    {
        var queue = Pick(_model.Queues.ToArray());
        switch (_random.Next(100))
        {
            case < 40:
                Publish(queue);
                break;
            case < 60:
                Get(queue);
                break;
            case < 68:
                Settle(isFailed: false, requeues: false);
                break;
            case < 78:
                Settle(isFailed: true, requeues: true);
                break;
            case < 86:
                Settle(isFailed: true, requeues: false);
                break;
            case < 95:
                for (var steps = _random.Next(1, 6); steps > 0; steps--)
                    await PassAsync(broker);
                break;
            case 95:
                Purge(queue);
                break;
            case 96 or 97:
                GiveBackAll();
                break;
            case 98:
                await RestartAsync(broker);
                break;
            default:
                _trace.Add("reconnect");
                _connection.Close();
                Forgive();
                Connect(broker);
                break;
        }
        _model.Settle();
        await CompareAsync(broker);
    }

    // All times are multiples of a step. What two queues do in the same instant may come in any order: of those that
    // would, only one has its messages yet.
    private async Task PassAsync(TestBroker broker)
    {
        const int ms = 100;
        LeaveOne(_model.Queues.Where(q => q.NextExpiryMs <= _model.NowMs + ms));
        _trace.Add("100 ms");
        _time.Advance(ms);
        _model.Pass(ms);
        await CompareAsync(broker);
    }

    private void LeaveOne(IEnumerable<ModelQueue> expiring)
    {
        foreach (var queue in expiring.Skip(1).ToArray())
            Purge(queue);
    }

    private void Purge(ModelQueue queue)
    {
        _trace.Add($"purge {queue.Name}");
        _connection.Send(1, new QueuePurge(queue.Name));
        Assert.Equal((uint)queue.Purge(), _connection.Expect<QueuePurgeOk>(1).MessageCount);
    }

    private void Publish(ModelQueue queue)
    {
        var message = new ModelMessage
        {
            Number = _number++,
            BodyBytes = _random.Next(8, 40),
            Priority = Pick<byte>(0, 0, 1, 4, 9, 255),
            IsPersistent = _random.Next(2) == 0,
            ExpirationMs = _random.Next(5) == 0 ? Pick(0, 100, 300, 1000) : null,
        };
        _trace.Add($"publish {message.Number} to {queue.Name}, priority {message.Priority}");
        _connection.Publish(1, "", queue.Name, Encoding.ASCII.GetBytes($"{message.Number}".PadRight(message.BodyBytes)),
            new BasicProperties
            {
                Priority = message.Priority,
                DeliveryMode = (byte)(message.IsPersistent ? 2 : 1),
                Expiration = message.ExpirationMs?.ToString(CultureInfo.InvariantCulture),
            });
        _published++;
        var isTaken = queue.Publish(message, _model.NowMs);
        var (isAck, tag) = _connection.Peek().Is<BasicAck>()
            ? (true, _connection.Expect<BasicAck>(1).DeliveryTag)
            : (false, _connection.Expect<BasicNack>(1).DeliveryTag);
        Assert.Equal((isTaken, _published), (isAck, tag));
    }

    private bool Get(ModelQueue queue)
    {
        var holds = _random.Next(4) > 0;
        _trace.Add($"get from {queue.Name}");
        var expected = queue.Take(holds);
        _connection.Send(1, new BasicGet(queue.Name, !holds));
        if (expected is null)
        {
            _connection.Expect<BasicGetEmpty>(1);
            return false;
        }
        var message = _connection.ExpectGetOk(1);
        Assert.Equal($"{expected}", message.Text.TrimEnd() + (message.Redelivered ? "*" : ""));
        Assert.Equal((uint)queue.Ready.Count, message.MessageCount);
        Assert.Equal(expected.Deaths, DeathsOf(message));
        Assert.Equal(expected.Attempts, CountOf(message));
        if (holds)
            _held.Add(message.DeliveryTag, (queue, expected));
        return true;
    }

    private void Settle(bool isFailed, bool requeues)
    {
        if (_held.Count == 0)
            return;
        var tag = _held.Keys.ElementAt(_random.Next(_held.Count));
        var isMultiple = _random.Next(4) == 0;
        _trace.Add($"settle {tag}: failed {isFailed}, requeues {requeues}, multiple {isMultiple}");
        if (isFailed)
            _connection.Send(1, new BasicNack(tag, isMultiple, requeues));
        else
            _connection.Send(1, new BasicAck(tag, isMultiple));
        foreach (var settled in _held.Keys.Where(t => t == tag || (isMultiple && t < tag)).Order().ToArray())
        {
            _held.Remove(settled, out var held);
            if (requeues)
                held.Queue.Requeue(held.Message, failed: true);
            else if (isFailed)
                held.Queue.Reject(held.Message);
            else
                held.Queue.Held.Remove(held.Message);
        }
    }

    private void GiveBackAll()
    {
        _trace.Add("recover");
        _connection.Send(1, new BasicRecover(true));
        _connection.Expect<BasicRecoverOk>(1);
        Forgive();
    }

    private void Forgive()
    {
        foreach (var (queue, message) in _held.OrderBy(static h => h.Key).Select(static h => h.Value))
            queue.Requeue(message, failed: false);
        _held.Clear();
    }

    private async Task RestartAsync(TestBroker broker)
    {
        _trace.Add("restart");
        GiveBackAll();
        _model.Settle();
        await CompareAsync(broker);
        LeaveOne(_model.Queues.Where(q => q.NextExpiryAfterRestartMs <= _model.NowMs));
        _connection.Close();
        await broker.StopAsync();
        _model.Restart();
        await broker.StartAgainAsync();
        Connect(broker);
    }

    private void Connect(TestBroker broker)
    {
        _connection = RawConnection.OpenWithChannel(broker);
        _connection.SelectConfirms(1);
        _published = 0;
    }

    // Dead letters take turns to arrive.
    private async Task CompareAsync(TestBroker broker)
    {
        var moved = _model.Queues.Sum(static q => q.Held.Count);
        await broker.UntilAsync(o => o.MessagesUnacked == moved
            && _model.Queues.All(q => _connection.Count(1, q.Name) == q.Ready.Count));
    }

    private static List<ModelDeath> DeathsOf(RawMessage message) =>
        message.Properties.Headers is { } headers && headers.TryGet("x-death", out var deaths)
            ? [.. deaths.AsArray.Select(static d => DeathOf(d.AsTable))]
            : [];

    private static ModelDeath DeathOf(FieldTable death)
    {
        death.TryGet("queue", out var queue);
        death.TryGet("reason", out var reason);
        death.TryGet("count", out var count);
        return new ModelDeath(queue.AsString, reason.AsString, count.AsLong);
    }

    private static long CountOf(RawMessage message) =>
        message.Properties.Headers is { } headers && headers.TryGet("x-delivery-count", out var count)
            ? count.AsLong
            : 0;
}
