using Levada.Platform;
using Levada.Queues;
using Levada.Storage;
using Xunit;

namespace Levada.Tests.Storage;

/// <summary>
/// Runs operations on a store and on a model of it, and compares at every look. Between turns the background does what
/// a seed says; at a crash the disk forgets what a seed says.
/// </summary>
internal sealed partial class StoreModel
{
    private const int QueuesMax = 6;
    private const ulong FirstDurableId = 2;

    private readonly StoreUnderTest _test;
    private readonly DurableHistory _history = new();
    private readonly List<string> _trace = [];
    private Dictionary<ulong, QueueModel> _model = [];
    private Dictionary<ulong, QueueMessages> _queues = [];
    private ulong _nextId = 1;
    private int _nextNumber = 1;
    private bool _inTurn;
    private bool _inTransaction;

    // Of all lives so far.
    private long _retired;
    private long _checkpoints;
    private long _blocksRead;
    private long _bodiesRead;

    public StoreModel(int seed, StoreOptions? options = null)
    {
        _test = new StoreUnderTest(seed, options);
        for (int i = 0; i < QueuesMax; i++)
            AddQueue();
    }

    public StoreUnderTest Test => _test;

    /// <summary>What was done, for a failure's message.</summary>
    public IReadOnlyList<string> Trace => _trace;

    /// <summary>Whether crashes, kills and stops are done; without them they are turns' ends.</summary>
    public bool MayEnd { get; init; } = true;

    private MessageStore Store => _test.Store;

    public void Run(StoreOperation operation)
    {
        _trace.Add(operation.ToString());
        switch (operation.Kind)
        {
            case StoreOperationKind.EndTurn:
                EndTurn(operation.A % 3 == 0);
                break;
            case StoreOperationKind.Background:
                EndTurn(false);
                for (int i = 0; i < operation.A % 20; i++)
                    _test.Step();
                break;
            case StoreOperationKind.Time:
                EndTurn(false);
                _test.Time.Advance(TimeSpan.FromMilliseconds(operation.A % 12_000));
                break;
            case StoreOperationKind.Stop or StoreOperationKind.Kill or StoreOperationKind.Crash:
                EndTurn(false);
                if (MayEnd)
                    End(operation.Kind);
                break;
            default:
                BeginTurn();
                RunInTurn(operation);
                break;
        }
    }

    /// <summary>Takes everything out of every queue and compares it.</summary>
    public void Drain()
    {
        BeginTurn();
        foreach (QueueModel model in _model.Values)
        {
            foreach (ModelMessage held in model.Unacked.ToList())
                Requeue(model, held, counts: false);
            while (_test.PeekWaiting(Front(model), out MessageView view) == PeekResult.Found)
            {
                Compare(model, view);
                TakeAndSettle(model);
            }

            Assert.Empty(model.Messages);
            AssertFigures(model);
        }

        EndTurn(false);
        AddCounts();
        Assert.Null(_test.FatalCause);
        _test.Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(_test.Disk.List(StoreUnderTest.BodyFolder));
        Assert.Null(_test.FatalCause);
        Assert.Equal(0, Store.Counters.Damaged);
    }

    private void RunInTurn(StoreOperation operation)
    {
        QueueModel queue = _model.Values.ElementAt(operation.A % _model.Count);
        switch (operation.Kind)
        {
            case StoreOperationKind.Enqueue:
                Enqueue([queue], operation.B);
                break;
            case StoreOperationKind.EnqueueMany:
                for (int i = 0; i < operation.B % 100; i++)
                    Enqueue([queue], operation.B + i);
                break;
            case StoreOperationKind.EnqueueToSeveral:
                Enqueue([.. _model.Values.Skip(operation.A % 3).Take(2 + operation.A % 4)], operation.B);
                break;
            case StoreOperationKind.TakeUnacked or StoreOperationKind.TakeAndSettle:
                for (int i = 0; i <= operation.B % 4; i++)
                    Take(queue, settles: operation.Kind == StoreOperationKind.TakeAndSettle);
                break;
            case StoreOperationKind.Hold:
                Hold(queue, operation.B);
                break;
            case StoreOperationKind.Settle:
                SettleSome(queue, operation.B);
                break;
            case StoreOperationKind.Requeue:
                if (queue.Unacked.ElementAtOrDefault(operation.B % 8) is { } held)
                    Requeue(queue, held, counts: operation.B % 2 == 0);
                break;
            case StoreOperationKind.Transaction:
                Transaction(operation);
                break;
            case StoreOperationKind.Purge:
                Purge(queue);
                break;
            default:
                Drop(queue);
                break;
        }

        AssertFigures(queue);
        NoteWritten();
    }

    private void Enqueue(List<QueueModel> queues, int number)
    {
        bool persistent = number % 4 != 0;
        int bodyBytes = (number % 40) switch
        {
            0 => 5_000 + number % 3_000,
            < 8 => 257 + number % 700,
            9 or 29 => 3_000 + number % 6_000,
            _ => number % 100,
        };
        bool durable = persistent && queues.Any(queue => queue.Durable);
        using BodyWriter? body = number % 40 is 9 or 29 ? _test.WriteBody(_nextNumber, bodyBytes, durable) : null;
        byte[] bytes = body is null
            ? StoreUnderTest.Message(_nextNumber, bodyBytes)
            : StoreUnderTest.MessageApart(_nextNumber, bodyBytes, body.File.Number);
        QueueMessages[] targets =
            [.. queues.Select(queue => _queues[queue.Id].OfPriority(_nextNumber % queue.Priorities))];
        ulong[] sequences = [.. targets.Select(messages => messages.NextSequence)];
        Store.Enqueue(targets, persistent, bytes);
        for (int i = 0; i < queues.Count; i++)
        {
            var message = new ModelMessage(sequences[i], _nextNumber, bodyBytes, persistent && queues[i].Durable)
            {
                BodyNumber = body?.File.Number,
            };
            queues[i].Messages.Add(message.Sequence, message);
            if (message.IsDurable)
                _history.Enqueued(queues[i].Id, message, Index);
        }

        _nextNumber++;
    }

    private void Take(QueueModel model, bool settles)
    {
        PeekResult result = Front(model).Peek(out MessageView view);
        if (result == PeekResult.Loading)
            return;
        if (result == PeekResult.Empty)
        {
            Assert.Empty(model.Ready);
            return;
        }

        Compare(model, view);
        if (settles)
            TakeAndSettle(model);
        else
            TakeUnacked(model);
    }

    private void Compare(QueueModel model, in MessageView view)
    {
        ModelMessage expected = model.Ready.First();
        Assert.Equal(expected.Sequence, view.Sequence);
        Assert.True(view.Bytes.SequenceEqual(expected.Bytes), $"bytes of {model.Id}/{view.Sequence}");
        Assert.Equal(expected.IsRedelivered, view.Redelivered);
        Assert.Equal(expected.DeliveryCount, view.DeliveryCount);
        if (expected.BodyNumber is not { } number)
            return;
        byte[] body = new byte[expected.BodyBytes + 1];
        using IDiskFile file = _test.Bodies.Find(number).Open();
        Assert.Equal(expected.BodyBytes, file.Read(0, body));
        Assert.True(
            body.AsSpan(0, expected.BodyBytes).SequenceEqual(StoreUnderTest.Body(expected.Number, expected.BodyBytes)));
        _bodiesRead++;
    }

    private void TakeAndSettle(QueueModel model)
    {
        ModelMessage message = model.Ready.First();
        Front(model).TakeAndSettle();
        model.Messages.Remove(message.Sequence);
        if (message.IsDurable)
            _history.Settled(model.Id, message.Sequence);
    }

    private void TakeUnacked(QueueModel model)
    {
        QueueMessages front = Front(model);
        model.Ready.First().IsUnacked = true;
        front.TakeUnacked();
    }

    // Of the highest priority of which something is ready.
    private QueueMessages Front(QueueModel model) =>
        model.Ready.FirstOrDefault() is { } next ? _queues[model.Id].Of(next.Sequence) : _queues[model.Id];

    // From the midst of the queue.
    private void Hold(QueueModel queue, int number)
    {
        if (queue.Ready.ElementAtOrDefault(number % 50) is not { } message)
            return;
        QueueMessages messages = _queues[queue.Id].Of(message.Sequence);
        if (messages.LookAt(message.Sequence, out MessageView view) != PeekResult.Found)
            return;
        Assert.True(view.Bytes.SequenceEqual(message.Bytes), $"bytes of {queue.Id}/{message.Sequence}");
        messages.Hold(message.Sequence, message.BodyBytes);
        message.IsUnacked = true;
    }

    private void SettleSome(QueueModel queue, int number)
    {
        int count = number % 3 == 0 ? 1 : 10;
        foreach (ModelMessage held in queue.Unacked.Skip(number % 5).Take(count).ToList())
        {
            _queues[queue.Id].Of(held.Sequence).Settle(held.Sequence);
            queue.Messages.Remove(held.Sequence);
            if (held.IsDurable)
                _history.Settled(queue.Id, held.Sequence);
        }
    }

    private void Requeue(QueueModel queue, ModelMessage held, bool counts)
    {
        _queues[queue.Id].Of(held.Sequence).Requeue(held.Sequence, counts);
        held.IsUnacked = false;
        held.IsRedelivered = true;
        if (!counts)
            return;
        held.DeliveryCount++;
        if (held.IsDurable)
            _history.Counted(queue.Id, held.Sequence, held.DeliveryCount, Index);
    }

    private void Transaction(StoreOperation operation)
    {
        Store.BeginTransaction();
        NoteWritten();
        _inTransaction = true;
        var random = new Random(operation.A);
        for (int i = 0; i < operation.B % 10; i++)
        {
            QueueModel queue = _model.Values.ElementAt(random.Next(_model.Count));
            if (random.Next(2) == 0)
                Enqueue([queue], random.Next());
            else
                SettleSome(queue, random.Next());
        }

        Store.EndTransaction();
        _inTransaction = false;
        NoteWritten();
    }

    private void Purge(QueueModel queue)
    {
        long purged = 0;
        foreach (QueueMessages messages in _queues[queue.Id].All)
        {
            messages.BeginPurge();
            long? count;
            for (int work = 1; (count = messages.Purge(work)) is null; work++)
            {
                // A piece at a time.
            }

            purged += count.Value;
        }

        Assert.Equal(queue.Ready.Count(), purged);
        foreach (ModelMessage message in queue.Ready.ToList())
        {
            queue.Messages.Remove(message.Sequence);
            if (message.IsDurable)
                _history.Settled(queue.Id, message.Sequence);
        }
    }

    private void Drop(QueueModel queue)
    {
        Store.Drop(_queues[queue.Id]);
        if (queue.Durable)
            _history.Dropped(queue.Id, Store.LastIndex);
        _queues.Remove(queue.Id);
        _model.Remove(queue.Id);
        AddQueue();
    }

    private void AddQueue()
    {
        ulong id = _nextId++;
        bool durable = id % 3 != FirstDurableId;
        _model.Add(id, new QueueModel(id, durable));
        _queues.Add(id, Store.Open(new QueueId(id), durable));
    }

    private long? Index => _inTransaction ? null : Store.LastIndex;

    private void NoteWritten()
    {
        if (!_inTransaction && !Store.Records.HasSettled)
            _history.Written(Store.LastIndex);
    }

    private void BeginTurn()
    {
        if (_inTurn)
            return;
        _test.Turn();
        NoteWritten();
        Store.BeginTurn(_test.Time.GetUtcNow().ToUnixTimeMilliseconds());
        _inTurn = true;
    }

    private void EndTurn(bool waits)
    {
        if (!_inTurn)
            return;
        Store.EndTurn(waits);
        _inTurn = false;
        NoteWritten();
    }

    /// <summary>A test whose messages never left the windows would show little.</summary>
    public void AssertBackgroundWasBusy()
    {
        Assert.True(_retired > 100, $"{_retired} messages were retired");
        Assert.True(_checkpoints > 3, $"{_checkpoints} checkpoints were written");
        Assert.True(_bodiesRead > 3, $"{_bodiesRead} bodies were read");
        Assert.True(_blocksRead > 10, $"{_blocksRead} blocks were read");
    }

    private void AddCounts()
    {
        _retired += Store.Counters.Retired;
        _checkpoints += Store.Counters.Checkpoints;
        _blocksRead += Store.Counters.BlocksRead;
    }
}
