using Levada.Cli.Perf.Client;
using Levada.Protocol;

namespace Levada.Cli.Perf.Throughput;

/// <summary>
/// Publishes in batches: as many messages as window, rate, transaction and the total allow go into one buffer and out
/// with one send. Confirms are read by the same thread, when the window is full or when they are there anyway.
/// </summary>
internal sealed class Publisher(ThroughputRun run, int number) : PerfClient(run, $"publisher {number}")
{
    // After the run's end a publisher still waits for its confirms, up to this.
    private static readonly TimeSpan LastConfirms = TimeSpan.FromSeconds(10);

    private MessageTemplate[] _templates = [];
    private ConfirmWindow _window = null!;
    private int _nextTemplate;
    private int _inTransaction;
    private long _nackedBefore;

    /// <summary>Publishes that the broker refused, on this connection and those before.</summary>
    public long Nacked { get; private set; }

    protected override void Prepare(AmqpConnection connection)
    {
        IEnumerable<string> keys = Options.QueuePattern is null ? [Options.RoutingKey] : Options.Queues;
        _templates = [.. keys.Select(key => new MessageTemplate(Options, key, Channel, connection.FrameMax))];
        _window = new ConfirmWindow(Latency);
        _nackedBefore = Nacked;
        _inTransaction = 0;
        if (Options.Confirm > 0) connection.Call<ConfirmSelect, ConfirmSelectOk>(Channel, default);
        if (Options.PublishTransaction > 0) connection.Call<TxSelect, TxSelectOk>(Channel, default);
    }

    protected override void Work(AmqpConnection connection)
    {
        // The publishers of a run share the second evenly instead of all sending at its start.
        var shift = Options.Rate > 0 ? (long)(1e9 / Options.Rate * (number - 1) / Options.Publishers) : 0;
        var pacer = new Pacer(Options.Rate > 0 ? Options.Rate : 1, MonotonicClock.Now + shift);
        var batchLimit = Math.Max(1, AmqpConnection.FlushSize / _templates[0].Length);
        while (!Run.Stopped)
        {
            if (connection.HasInput) Receive(connection);
            var limit = Limit(batchLimit);
            if (limit == 0)
            {
                Receive(connection);
                continue;
            }
            if (Options.Rate > 0)
            {
                var due = pacer.Due(MonotonicClock.Now, limit);
                if (due == 0)
                {
                    // Not longer than a blink, so that the end of the run is seen.
                    connection.WaitForInput(Math.Min(pacer.Next, MonotonicClock.Now + 50_000_000));
                    continue;
                }
                limit = due;
            }
            var count = Run.TakePublishes(limit);
            if (count == 0) break;
            Send(connection, count, ref pacer);
        }
        Finish(connection);
    }

    /// <summary>How many messages may go out now: a buffer full, less where window or transaction ends.</summary>
    private int Limit(int batch)
    {
        if (Options.Confirm > 0) batch = Math.Min(batch, Options.Confirm - _window.Open);
        if (Options.PublishTransaction > 0) batch = Math.Min(batch, Options.PublishTransaction - _inTransaction);
        return batch;
    }

    private void Send(AmqpConnection connection, int count, ref Pacer pacer)
    {
        var now = MonotonicClock.Now;
        for (var i = 0; i < count; i++)
        {
            var intended = now;
            if (Options.Rate > 0)
            {
                intended = pacer.Next;
                pacer.Advance();
            }
            _templates[_nextTemplate].AppendTo(connection.Out, intended);
            if (++_nextTemplate == _templates.Length) _nextTemplate = 0;
            if (Options.Confirm > 0) _window.Add(intended);
        }
        if (Options.PublishTransaction > 0 && (_inTransaction += count) == Options.PublishTransaction)
        {
            connection.Call<TxCommit, TxCommitOk>(Channel, default);
            _inTransaction = 0;
        }
        connection.Flush();
        Counted(count);
    }

    private void Receive(AmqpConnection connection)
    {
        if (!connection.Receive()) return;
        var now = MonotonicClock.Now;
        while (connection.TryReadFrame(out var header, out var payload))
        {
            switch (AmqpConnection.IdOf(payload))
            {
                case MethodId.BasicAck when BasicAck.TryRead(payload[4..], out var ack):
                    _window.Settle(ack.DeliveryTag, ack.Multiple, nack: false, now);
                    break;
                case MethodId.BasicNack when BasicNack.TryRead(payload[4..], out var nack):
                    _window.Settle(nack.DeliveryTag, nack.Multiple, nack: true, now);
                    break;
                default:
                    connection.HandleOther(header, payload);
                    break;
            }
        }
        Nacked = _nackedBefore + _window.Nacked;
    }

    private void Finish(AmqpConnection connection)
    {
        if (_inTransaction > 0) connection.Call<TxCommit, TxCommitOk>(Channel, default);
        var deadline = Environment.TickCount64 + (long)LastConfirms.TotalMilliseconds;
        while (_window.Open > 0 && Environment.TickCount64 < deadline) Receive(connection);
        if (_window.Open > 0) Run.Fail($"{_window.Open} publishes were never confirmed");
    }
}
