using System.Globalization;
using Levada.Queues;
using Levada.Storage;
using Xunit;

namespace Levada.Tests.Storage;

// How a life of the store ends, and what the next one must find.
internal sealed partial class StoreModel
{
    private void End(StoreOperationKind how)
    {
        AddCounts();
        bool clean = how == StoreOperationKind.Stop;
        long committed = _test.Committed;
        if (clean)
        {
            _test.RunIdle();
            NoteWritten();
            committed = Store.LastIndex;
            _test.StopClean();
        }
        else if (how == StoreOperationKind.Kill)
        {
            _test.Disk.Kill();
        }
        else
        {
            _test.Disk.Crash();
        }

        long appended = Store.LastIndex;
        ulong[] durable = [.. _model.Values.Where(queue => queue.Durable).Select(queue => queue.Id)];
        _test.Start([.. durable.Select(id => new QueueId(id))], _nextId);
        _trace.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"restarted: committed {committed}, appended {appended}, recovered {Store.LastIndex}"));
        if (Store.LastIndex > 0)
            Assert.Equal(clean, _test.Report.CleanStop);
        Assert.Empty(_test.Report.Damages);
        Assert.InRange(Store.LastIndex, committed, appended);
        TakeOver(durable, clean);
    }

    private void TakeOver(ulong[] durable, bool clean)
    {
        Dictionary<ulong, QueueModel> state = clean ? StateAfterCleanStop() : _history.GoBackTo(Store.LastIndex);
        var before = _model.Values.ToList();
        _model = [];
        _queues = [];
        foreach (QueueModel queue in before.Where(queue => queue.Durable))
        {
            var model = new QueueModel(queue.Id, true);
            foreach (ModelMessage message in state.GetValueOrDefault(queue.Id)?.Messages.Values.ToArray() ?? [])
                model.Messages.Add(message.Sequence, message with { IsRedelivered = message.IsRedelivered || !clean });
            _model.Add(queue.Id, model);
            _queues.Add(queue.Id, Store.Open(new QueueId(queue.Id), true));
            AssertFigures(model);
        }

        AssertBodies();
        _history.Restart(_model);
        while (_model.Count < QueuesMax)
            AddQueue();
        Assert.Equal(durable.Length, durable.Distinct().Count());
    }

    /// <summary>There is a file for each body that a message names, and no other.</summary>
    private void AssertBodies()
    {
        IEnumerable<string> named = _model.Values.SelectMany(queue => queue.Messages.Values)
            .Where(message => message.BodyNumber is not null)
            .Select(message => string.Create(CultureInfo.InvariantCulture, $"{message.BodyNumber:x16}.body"));
        _test.RunIdle();
        Assert.Equal(named.Distinct().Order(StringComparer.Ordinal), _test.Disk.List(StoreUnderTest.BodyFolder));
    }

    private Dictionary<ulong, QueueModel> StateAfterCleanStop()
    {
        foreach (QueueModel queue in _model.Values)
        {
            foreach (ModelMessage message in queue.Messages.Values.ToList())
            {
                if (!message.IsDurable)
                    queue.Messages.Remove(message.Sequence);
                message.IsRedelivered |= message.IsUnacked;
                message.IsUnacked = false;
            }
        }

        return _model;
    }

    private void AssertFigures(QueueModel model)
    {
        if (!_queues.TryGetValue(model.Id, out QueueMessages? queue))
            return;
        QueueMessages[] all = [.. queue.All];
        foreach (QueueMessages one in all)
            AssertListed(model, one, before: model.Messages.Count % 7);
        Assert.Equal(Figures(model.Ready), (all.Sum(m => m.Ready), all.Sum(m => m.ReadyBytes)));
        Assert.Equal(Figures(model.Unacked), (all.Sum(m => m.Unacked), all.Sum(m => m.UnackedBytes)));
    }

    private static void AssertListed(QueueModel model, QueueMessages messages, int before)
    {
        const int most = 5;
        var listed = new List<ulong>();
        messages.ListReady(before, most, listed);
        Assert.Equal(
            model.Ready.Select(message => message.Sequence)
                .Where(sequence => sequence >> 56 == (ulong)messages.Priority).Skip(before).Take(most),
            listed);
    }

    private static (long Count, long Bytes) Figures(IEnumerable<ModelMessage> messages) =>
        (messages.Count(), messages.Sum(message => (long)message.BodyBytes));
}
