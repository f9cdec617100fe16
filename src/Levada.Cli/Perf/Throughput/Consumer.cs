using System.Buffers;
using System.Buffers.Binary;
using Levada.Cli.Perf.Client;
using Levada.Protocol;

namespace Levada.Cli.Perf.Throughput;

/// <summary>
/// Consumes with basic.consume or, with --poll, with basic.get: walks the frames where they lie in the receive buffer
/// and gathers acknowledgements until the buffer is used up, then sends them at once.
/// </summary>
internal sealed class Consumer(ThroughputRun run, int number) : PerfClient(run, $"consumer {number}")
{
    private readonly byte[] _pattern = MessageTemplate.PatternBody(run.Options.Size);
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly bool _looksAtBody = run.Options.Verify || run.Options.MeasureLatency;
    private string _queue = "";
    private Pacer _pacer;
    private ulong _tag;
    private ulong _bodyLeft;
    private long _received;
    private int _unacked;
    private int _uncommitted;
    private bool _empty;

    private bool Stopped => Run.Stopped || Run.ConsumersStopped;

    protected override void Prepare(AmqpConnection connection)
    {
        _queue = Options.Queues[(number - 1) % Options.Queues.Count];
        // A queue that the server names belongs to this consumer; the others are declared once by the run.
        if (_queue.Length == 0) _queue = Run.DeclareQueue(connection, Channel, "");
        if (Options.AckTransaction > 0) connection.Call<TxSelect, TxSelectOk>(Channel, default);
        if (Options.Prefetch is { } prefetch) connection.Call<BasicQos, BasicQosOk>(Channel, new BasicQos(0, prefetch));
        _unacked = _uncommitted = 0;
        _bodyLeft = 0;
    }

    protected override void Work(AmqpConnection connection)
    {
        _pacer = new Pacer(Options.ConsumeRate > 0 ? Options.ConsumeRate : 1, MonotonicClock.Now);
        if (Options.Poll) Poll(connection);
        else Consume(connection);
        if (_unacked > 0) FrameWriter.WriteMethod(connection.Out, Channel, new BasicAck(_tag, Multiple: true));
        if (_uncommitted > 0) FrameWriter.WriteMethod(connection.Out, Channel, default(TxCommit));
        connection.Flush();
    }

    private void Consume(AmqpConnection connection)
    {
        FrameWriter.WriteMethod(
            connection.Out, Channel,
            new BasicConsume(_queue, "c", NoAck: Options.Ack == 0, Arguments: Options.ConsumerArguments));
        connection.Flush();
        while (!Stopped)
        {
            if (!connection.Receive()) continue;
            _received = MonotonicClock.Now;
            while (!Stopped && connection.TryReadFrame(out var header, out var payload))
            {
                Take(connection, header, payload);
            }
            connection.Flush();
        }
    }

    private void Poll(AmqpConnection connection)
    {
        var get = new BasicGet(_queue, NoAck: Options.Ack == 0);
        while (!Stopped)
        {
            FrameWriter.WriteMethod(connection.Out, Channel, get);
            connection.Flush();
            var before = Count;
            _empty = false;
            while (Count == before && !_empty && !Stopped)
            {
                if (connection.Receive()) _received = MonotonicClock.Now;
                while (connection.TryReadFrame(out var header, out var payload)) Take(connection, header, payload);
            }
            // An empty queue is asked a thousand times a second, not as fast as it can say no.
            if (_empty) MonotonicClock.SleepUntil(MonotonicClock.Now + 1_000_000);
        }
    }

    private void Take(AmqpConnection connection, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Channel != Channel)
        {
            connection.HandleOther(header, payload);
            return;
        }
        switch (header.Type)
        {
            case Frame.Method:
                TakeMethod(connection, header, payload);
                break;
            case Frame.Header when ContentHeader.TryRead(payload, out var content):
                _bodyLeft = content.BodySize;
                if (_bodyLeft == 0) TakeMessage(connection, default);
                break;
            case Frame.Body:
                TakeBody(connection, payload);
                break;
        }
    }

    private void TakeMethod(AmqpConnection connection, in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (AmqpConnection.IdOf(payload))
        {
            case MethodId.BasicDeliver when BasicDeliver.TryRead(payload[4..], out var deliver):
                _tag = deliver.DeliveryTag;
                break;
            case MethodId.BasicGetOk when BasicGetOk.TryRead(payload[4..], out var get):
                _tag = get.DeliveryTag;
                break;
            case MethodId.BasicGetEmpty:
                _empty = true;
                break;
            default:
                connection.HandleOther(header, payload);
                break;
        }
    }

    private void TakeBody(AmqpConnection connection, ReadOnlySpan<byte> part)
    {
        _bodyLeft -= Math.Min(_bodyLeft, (ulong)part.Length);
        if (_looksAtBody && (_bodyLeft > 0 || _body.WrittenCount > 0))
        {
            // A body of several frames: only gathered when somebody looks at it.
            _body.Write(part);
            if (_bodyLeft > 0) return;
            TakeMessage(connection, _body.WrittenSpan);
            _body.ResetWrittenCount();
        }
        else if (_bodyLeft == 0)
        {
            TakeMessage(connection, part);
        }
    }

    private void TakeMessage(AmqpConnection connection, ReadOnlySpan<byte> body)
    {
        if (Options.ConsumeRate > 0) WaitForTurn(connection);
        if (!Run.TakeConsume()) return;
        if (_looksAtBody) LookAt(body);
        Counted(1);
        if (Options.Ack == 0) return;
        if (++_unacked == Options.Ack)
        {
            FrameWriter.WriteMethod(connection.Out, Channel, new BasicAck(_tag, Multiple: Options.Ack > 1));
            _unacked = 0;
        }
        if (Options.AckTransaction > 0 && ++_uncommitted == Options.AckTransaction)
        {
            // Deliveries go on meanwhile, so the answer is not waited for.
            FrameWriter.WriteMethod(connection.Out, Channel, default(TxCommit));
            _uncommitted = 0;
        }
    }

    private void LookAt(ReadOnlySpan<byte> body)
    {
        var skip = 0;
        if (Options.MeasureLatency && body.Length >= MessageTemplate.TimestampSize)
        {
            // What another run left in the queue has something else in this place.
            var latency = _received - BinaryPrimitives.ReadInt64LittleEndian(body);
            if (latency is >= 0 and < LatencyHistogram.Longest) Latency.Record(latency);
            skip = MessageTemplate.TimestampSize;
        }
        if (Options.Verify && (body.Length != _pattern.Length || !body[skip..].SequenceEqual(_pattern.AsSpan(skip))))
        {
            throw new InvalidDataException($"a message of {body.Length} bytes has not the body that was published");
        }
    }

    private void WaitForTurn(AmqpConnection connection)
    {
        while (_pacer.Next > MonotonicClock.Now && !Stopped)
        {
            connection.Flush();
            MonotonicClock.SleepUntil(Math.Min(_pacer.Next, MonotonicClock.Now + 50_000_000));
        }
        _pacer.Advance();
    }
}
