using System.Diagnostics;
using Levada.Cli.Perf.Client;
using Levada.Protocol;

namespace Levada.Cli.Perf.Throughput;

/// <summary>
/// A run: connects all clients, starts them together, reports each second, ends by time, by counts or by Ctrl-C, and
/// sums up. Flags and counters here are shared by all threads; everything else belongs to the main thread.
/// </summary>
internal sealed class ThroughputRun : IDisposable
{
    // How long clients may take to say good-bye before their sockets are closed under them.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly Publisher[] _publishers;
    private readonly Consumer[] _consumers;
    private readonly ManualResetEventSlim _stop = new();
    private volatile bool _stopped;
    private volatile bool _consumersStopped;
    private volatile string? _failure;
    private long _publishesTaken;
    private long _consumed;
    private TimeSpan _cpuAtStart;

    public ThroughputRun(ThroughputOptions options)
    {
        Options = options;
        _publishers = [.. Enumerable.Range(1, options.Publishers).Select(n => new Publisher(this, n))];
        _consumers = [.. Enumerable.Range(1, options.Consumers).Select(n => new Consumer(this, n))];
        Connected = new CountdownEvent(options.Publishers + options.Consumers);
        Done = new CountdownEvent(options.Publishers + options.Consumers);
    }

    public ThroughputOptions Options { get; }

    public CountdownEvent Connected { get; }

    public CountdownEvent Done { get; }

    public ManualResetEventSlim Go { get; } = new();

    public bool Stopped => _stopped;

    /// <summary>The consumers have taken what they were asked to take.</summary>
    public bool ConsumersStopped => _consumersStopped;

    public long StartNanoseconds { get; private set; }

    public long Published => _publishers.Sum(p => p.Count);

    public long Consumed => _consumers.Sum(c => c.Count);

    /// <summary>Why the run failed; null when it did not.</summary>
    public string? Failure => _failure;

    /// <summary>Runs to the end. Look at <see cref="Failure"/> afterwards.</summary>
    /// <exception cref="IOException">The queues could not be declared.</exception>
    public ThroughputSummary Execute()
    {
        DeclareQueues();
        foreach (var client in _consumers) client.Start();
        foreach (var client in _publishers) client.Start();
        Connected.Wait();
        StartNanoseconds = MonotonicClock.Now;
        _cpuAtStart = Process.GetCurrentProcess().TotalProcessorTime;
        Go.Set();
        var end = Options.Time > TimeSpan.Zero ? StartNanoseconds + (long)Options.Time.TotalNanoseconds : long.MaxValue;
        var report = RateReport.Create(this);
        report.During(() => WaitForEnd(report, end));
        var summary = Summarize(MonotonicClock.Now);
        Stop();
        if (!Done.Wait(Grace))
        {
            foreach (var client in _publishers) client.Abort();
            foreach (var client in _consumers) client.Abort();
            Done.Wait(Grace);
        }
        return summary;
    }

    public void Stop()
    {
        _stopped = true;
        _stop.Set();
    }

    public void Fail(string reason)
    {
        _failure ??= reason;
        Stop();
    }

    /// <summary>Sleeps, but not beyond the end of the run.</summary>
    public void Sleep(TimeSpan time) => _stop.Wait(time);

    /// <summary>A share of the publishes that are still to be made; 0 when there are none.</summary>
    public int TakePublishes(int wanted)
    {
        if (Options.PublishCount == 0) return wanted;
        var before = Interlocked.Add(ref _publishesTaken, wanted) - wanted;
        return (int)Math.Clamp(Options.PublishCount - before, 0, wanted);
    }

    /// <summary>Whether one more message counts; the last one ends all consumers.</summary>
    public bool TakeConsume()
    {
        if (Options.ConsumeCount == 0) return true;
        var taken = Interlocked.Increment(ref _consumed);
        if (taken >= Options.ConsumeCount) _consumersStopped = true;
        return taken <= Options.ConsumeCount;
    }

    /// <summary>Declares a queue (an empty name asks the server for one) and binds it; returns its name.</summary>
    public string DeclareQueue(AmqpConnection connection, ushort channel, string name)
    {
        var declared = connection.Call<QueueDeclare, QueueDeclareOk>(channel, new QueueDeclare(
            name, Durable: name.Length > 0, AutoDelete: name.Length == 0, Exclusive: name.Length == 0,
            Arguments: Options.QueueArguments));
        if (Options.Exchange.Length > 0)
        {
            var key = Options.QueuePattern is null ? Options.RoutingKey : name;
            connection.Call<QueueBind, QueueBindOk>(channel, new QueueBind(declared.Queue, Options.Exchange, key));
        }
        return declared.Queue;
    }

    public LatencyHistogram EndToEndLatency() => Merge(_consumers);

    /// <summary>Declares every queue once; one that is there with other arguments is taken as it is.</summary>
    public void DeclareQueues()
    {
        if (Options.Queues is [""]) return;
        // Publishing alone to a key that is no queue's measures unroutable messages: then there is nothing to declare.
        if (Options.Consumers == 0 && Options.QueuePattern is null && Options.RoutingKey != Options.Queue) return;
        using var connection = AmqpConnection.Open(Options.Uri, "perf setup");
        ushort channel = 0;
        foreach (var queue in Options.Queues)
        {
            if (channel == 0) connection.OpenChannel(++channel);
            try
            {
                DeclareQueue(connection, channel, queue);
            }
            catch (AmqpException e) when (e.Code == ReplyCode.PreconditionFailed)
            {
                connection.OpenChannel(++channel);
                connection.Call<QueueDeclare, QueueDeclareOk>(channel, new QueueDeclare(queue, Passive: true));
            }
        }
        connection.Close();
    }

    private void WaitForEnd(RateReport report, long end)
    {
        var next = StartNanoseconds;
        while (!_stopped && !Done.IsSet)
        {
            next += 1_000_000_000;
            // Done is waited for rather than the stop, so that a counted run ends with its last message.
            while (!_stopped && MonotonicClock.Now < Math.Min(next, end))
            {
                var wait = Math.Clamp((Math.Min(next, end) - MonotonicClock.Now) / 1_000_000, 1, 50);
                if (Done.Wait((int)wait)) return;
            }
            if (MonotonicClock.Now >= next) report.Second();
            if (MonotonicClock.Now >= end) return;
        }
    }

    private ThroughputSummary Summarize(long end)
    {
        var elapsed = (end - StartNanoseconds) / 1e9;
        var summary = new ThroughputSummary
        {
            ElapsedSeconds = elapsed,
            AvgPubRate = (long)Math.Round(Published / elapsed),
            AvgConsumeRate = (long)Math.Round(Consumed / elapsed),
            Published = Published,
            Consumed = Consumed,
            Nacked = _publishers.Sum(p => p.Nacked),
            ClientCpuSeconds = (Process.GetCurrentProcess().TotalProcessorTime - _cpuAtStart).TotalSeconds,
        };
        return summary.WithLatency(
            Options.MeasureLatency ? EndToEndLatency() : null, Options.Confirm > 0 ? Merge(_publishers) : null);
    }

    private static LatencyHistogram Merge(IEnumerable<PerfClient> clients)
    {
        var sum = new LatencyHistogram();
        foreach (var client in clients) sum.Add(client.Latency);
        return sum;
    }

    public void Dispose()
    {
        Connected.Dispose();
        Done.Dispose();
        Go.Dispose();
        _stop.Dispose();
    }
}
