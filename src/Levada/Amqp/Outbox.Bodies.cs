using System.Buffers;
using Levada.Protocol;
using Levada.Storage;

namespace Levada.Amqp;

/// <summary>
/// Bodies that are sent from their files, a piece at a time, channels in turn. One piece is read while the one before
/// it is sent, so whatever else is written meanwhile goes out after two pieces at the latest.
/// </summary>
internal sealed partial class Outbox
{
    // A few frames, or one; less if little may wait.
    private const int PieceMax = 128 * 1024;

    // All under the lock. Null while no body is on its way, so that everything else has nothing to look up.
    private Dictionary<ushort, OutboxLane>? _lanes;
    private readonly Queue<OutboxLane> _turns = new();
    private OutboxLane? _writingTo;
    private OutboxLane? _reading;
    private PieceReader? _reader;
    private bool _hasPiece;
    private int _held;
    private long _looseBytes;

    /// <summary>
    /// Room for another delivery on a channel: one that is in the middle of a body has none. Under the lock.
    /// </summary>
    public bool HasRoomOn(ushort channel) => HasRoom && LaneOf(channel) is null;

    private OutboxLane? LaneOf(ushort channel) => _lanes?.GetValueOrDefault(channel);

    private int PieceBytes => Math.Clamp(_highWater / 8, Frame.MinSize, PieceMax);

    /// <summary>
    /// Sends a body from its file behind the content header written last on the channel. What is written on the channel
    /// from now on waits for it. Under the lock.
    /// </summary>
    public void WriteBody(ushort channel, OutboxBody body)
    {
        if (IsOver)
            return;
        body.File.Hold();
        _looseBytes += body.IsLoose ? body.File.Length : 0;
        if (LaneOf(channel) is { } busy)
        {
            busy.Follow(body);
            return;
        }
        var lane = new OutboxLane(channel, body);
        (_lanes ??= []).Add(channel, lane);
        _turns.Enqueue(lane);
    }

    // Under the lock. True: the caller has the next piece read, without the lock.
    private bool BeginReading()
    {
        if (_lanes is null || _reading is not null || _hasPiece || IsOver || !_turns.TryDequeue(out _reading))
            return false;
        _reader ??= new PieceReader(this);
        return true;
    }

    private void ReadNext() => _scheduler.RunBlocking(_reader!);

    // On a disk thread. The lane in turn is this thread's until it is put back.
    private void ReadPiece()
    {
        var lane = _reading!;
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            var size = lane.ReadFrames(piece.AsSpan(0, PieceBytes), out var frames);
            Add(lane, piece.AsSpan(0, size), frames);
        }
        catch (IOException e)
        {
            FailToRead(lane, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private void Add(OutboxLane lane, ReadOnlySpan<byte> piece, int frames)
    {
        BodyFile? sent = null;
        bool isOver, sends = false, reads = false;
        lock (Lock)
        {
            _reading = null;
            isOver = IsOver;
            if (!isOver)
            {
                Append(piece);
                Count(lane.Body.OfChannel, piece.Length, frames);
                _hasPiece = true;
                if (lane.IsRead)
                    isOver = !Pass(lane, out sent);
                if (!isOver)
                    _turns.Enqueue(lane);
                sends = !_isSending;
                if (sends)
                    StartSend();
                reads = BeginReading();
            }
        }
        if (reads)
            ReadNext();
        if (sends)
            _scheduler.Run(this);
        sent?.Release();
        if (!isOver)
            return;
        lane.Dispose();
        foreach (var (shard, retry) in lane.Refused)
            shard.Post(retry);
    }

    // What waited for the body follows it. True if there is another one in it. Under the lock.
    private bool Pass(OutboxLane lane, out BodyFile? sent)
    {
        _looseBytes -= lane.Body.IsLoose ? lane.Body.File.Length : 0;
        var held = lane.Pass(out sent);
        Append(held);
        _held -= held.Length;
        if (sent is not null)
            return true;
        _writingTo = null;
        _lanes!.Remove(lane.Channel);
        if (_lanes.Count == 0)
            _lanes = null;
        return false;
    }

    // Nothing more is sent: lets go of the bodies, but for the one that is being read. Without the lock.
    private void DropLanes()
    {
        OutboxLane[] dropped;
        lock (Lock)
        {
            if (_lanes is null || !IsOver)
                return;
            dropped = [.. _lanes.Values.Where(lane => lane != _reading)];
            _lanes = null;
            _writingTo = null;
            _turns.Clear();
            _held = 0;
        }
        foreach (var lane in dropped)
            lane.Dispose();
    }

    // The client has the header and cannot get the body: only the end of the connection is truthful.
    private void FailToRead(OutboxLane lane, IOException error)
    {
        bool wasClosed;
        lock (Lock)
        {
            wasClosed = _isClosed;
            _isClosed = true;
        }
        DropLanes();
        lane.Dispose();
        if (!wasClosed)
            _ended(new DiskReadException($"channel {lane.Channel}: a body cannot be read: {error.Message}", error));
    }

    private sealed class PieceReader(Outbox outbox) : IThreadPoolWorkItem
    {
        public void Execute() => outbox.ReadPiece();
    }
}
