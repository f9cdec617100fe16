using System.Diagnostics;
using Levada.Accounting;
using Levada.Counting;
using Levada.Metrics;
using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>
/// A channel's publisher confirms (rules I4-I7). Numbers are resolved strictly in order: a post is answered when all
/// before it are, so one cumulative frame a post is enough and never spans a number of another fate.
/// Guarded by the outbox lock.
/// </summary>
internal sealed class Confirms(Outbox outbox, ushort channel, MessageCounters counters, Histogram times)
{
    private const int SparePosts = 8;

    private readonly Queue<ConfirmPost> _open = new();
    private readonly Stack<ConfirmPost> _spare = new();

    // The exchange that the oldest open number was published to, and after which numbers it is another one.
    private readonly Queue<(ulong After, ExchangePublishes Publishes)> _switches = new();
    private ExchangePublishes? _publishes;
    private ulong _resolved;
    private ulong _opened;
    private bool _isOver;
    private uint _posts;

    /// <summary>Its memory, nearly: posts under way are few. From any thread.</summary>
    public long OwnBytes => ObjectSize.Of<Confirms>() + ObjectSize.Of<Queue<ConfirmPost>>()
        + ObjectSize.Of<Stack<ConfirmPost>>()
        + ObjectSize.Array<ConfirmPost>(_open.Capacity + _spare.Capacity)
        + ObjectSize.Of<Queue<object>>() + ObjectSize.Array<(ulong, ExchangePublishes)>(_switches.Capacity)
        + ((_open.Count + _spare.Count) * (ObjectSize.Of<ConfirmPost>() + ObjectSize.Of<List<ulong>>()));

    /// <summary>Publishes not yet confirmed.</summary>
    public long Unconfirmed => (long)(_opened - _resolved);

    /// <summary>
    /// Puts a post in line before its shards are asked. If none is asked, it is resolved as soon as those before it
    /// are.
    /// </summary>
    public ConfirmPost Open(
        ulong upTo, int shards, bool isPersistent, bool isRefused,
        List<(ulong After, ExchangePublishes Publishes)>? switches = null)
    {
        lock (outbox.Lock)
        {
            if (switches is not null)
                Add(switches);
            if (!_spare.TryPop(out var post))
                post = new ConfirmPost(this, channel);
            post.UpTo = _opened = upTo;
            post.Pending = shards;
            post.IsPersistent = isPersistent;
            post.IsRefused = isRefused;
            post.Refused.Clear();
            post.StartedAt = _posts++ % PathTimings.SampleEvery == 0 ? Stopwatch.GetTimestamp() : 0;
            _open.Enqueue(post);
            Resolve();
            return post;
        }
    }

    private void Add(List<(ulong After, ExchangePublishes Publishes)> switches)
    {
        foreach (var change in switches)
            _switches.Enqueue(change);
    }

    public void Answer(ConfirmPost post, bool refused)
    {
        lock (outbox.Lock)
        {
            post.Pending--;
            post.IsRefused |= refused;
            Resolve();
        }
    }

    /// <summary>One message of a post was refused; before the post's last answer.</summary>
    public void Refuse(ConfirmPost post, ulong number)
    {
        lock (outbox.Lock)
            post.Refused.Add(number);
    }

    /// <summary>The channel is over: nothing more is written. Under the lock.</summary>
    public void End() => _isOver = true;

    public void Flush() => outbox.Flush();

    private void Resolve()
    {
        while (_open.TryPeek(out var post) && post.Pending == 0)
        {
            var refused = post.IsRefused;
            var upTo = post.UpTo;
            WriteRefused(post);
            Close();
            // What is resolved the same way goes into the same frame.
            while (_open.TryPeek(out post) && post.Pending == 0 && post.IsRefused == refused
                && post.Refused.Count == 0)
            {
                upTo = post.UpTo;
                Close();
            }
            Write(upTo, refused);
        }
    }

    // Those before one that was refused are confirmed first, so that no ack covers it.
    private void WriteRefused(ConfirmPost post)
    {
        if (post.Refused.Count == 0)
            return;
        post.Refused.Sort();
        for (var i = 0; i < post.Refused.Count;)
        {
            var last = post.Refused[i];
            Write(last - 1, refused: false);
            while (++i < post.Refused.Count && post.Refused[i] <= last + 1)
                last = post.Refused[i];
            Write(last, refused: true);
        }
    }

    private void Close()
    {
        var post = _open.Dequeue();
        if (post.StartedAt != 0)
            PathTimings.AddSince(times, post.StartedAt);
        if (_spare.Count < SparePosts)
            _spare.Push(post);
    }

    private void Write(ulong upTo, bool refused)
    {
        var count = upTo - _resolved;
        CountByExchange(upTo, refused);
        _resolved = upTo;
        if (refused)
        {
            counters.Nacked += (long)count;
            outbox.Counters.Nacked += (long)count;
        }
        else
        {
            counters.Confirmed += (long)count;
            outbox.Counters.Confirmed += (long)count;
        }
        if (_isOver || count == 0)
            return;
        if (refused)
            outbox.Write(channel, new BasicNack(upTo, count > 1, false), counters);
        else
            outbox.Write(channel, new BasicAck(upTo, count > 1), counters);
    }

    private void CountByExchange(ulong upTo, bool refused)
    {
        var from = _resolved;
        while (_switches.TryPeek(out var next) && next.After < upTo)
        {
            Count(next.After);
            _publishes = _switches.Dequeue().Publishes;
        }
        Count(upTo);

        void Count(ulong to)
        {
            if (!refused && _publishes is not null)
                _publishes.Confirmed += (long)(to - from);
            from = to;
        }
    }
}
