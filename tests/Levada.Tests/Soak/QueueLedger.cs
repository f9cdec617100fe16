using System.Diagnostics;

namespace Levada.Tests.Soak;

/// <summary>
/// What must be true of one durable queue: of every message of every publisher, what became of it. A publisher's
/// numbers rise and none is used twice. A lock guards all fields.
/// </summary>
internal sealed class QueueLedger(string name, Findings findings)
{
    // A settle that nobody waits for is on disk after 200 ms at the latest; this leaves room for a busy machine.
    private static readonly TimeSpan SettledForSure = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<int, List<Fate>> _fates = [];
    private readonly Queue<(long At, SoakMessage Message)> _settledLately = new();

    public string Name => name;

    public void Sent(int publisher, int number)
    {
        lock (_lock)
        {
            if (!_fates.TryGetValue(publisher, out var fates))
                _fates[publisher] = fates = [];
            while (fates.Count <= number)
                fates.Add(Fate.None);
        }
    }

    public void Confirmed(int publisher, int number)
    {
        lock (_lock)
            _fates[publisher][number] |= Fate.Confirmed;
    }

    /// <summary>
    /// A delivery arrived; <paramref name="lastFresh"/> has the last unmarked numbers by publisher and connection.
    /// </summary>
    public void Delivered(SoakMessage message, bool redelivered, Dictionary<(int, int), int> lastFresh)
    {
        lock (_lock)
        {
            var number = message.Number;
            if (!_fates.TryGetValue(message.Publisher, out var fates) || number < 0 || number >= fates.Count)
            {
                findings.Add($"{name}: delivered {message}, which was never sent here");
                return;
            }
            if (!redelivered)
                Fresh(message, fates[number], lastFresh);
            fates[number] |= redelivered ? Fate.Seen : Fate.Seen | Fate.Fresh;
        }
    }

    public void AckSent(SoakMessage message)
    {
        lock (_lock)
            _fates[message.Publisher][message.Number] |= Fate.AckSent;
    }

    /// <summary>
    /// The broker has these acknowledgements, since it answered a later request of the same channel. That it delivered
    /// one of them to a channel that lives although it was settled elsewhere is what a message "come back" is.
    /// </summary>
    /// <param name="messages">They are settled.</param>
    /// <param name="isStill">The broker that answered has not been killed yet.</param>
    public void Settled(IReadOnlyList<SoakMessage> messages, Func<bool> isStill)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            // Asked under the lock: a kill that begins after it finds these among those settled lately.
            var mayReturn = isStill() ? Fate.None : Fate.MayReturn;
            foreach (var message in messages)
            {
                var (fates, number) = (_fates[message.Publisher], message.Number);
                if ((fates[number] & (Fate.Settled | Fate.MayReturn)) == Fate.Settled)
                    findings.Add($"{name}: {message} was settled and came back ({fates[number]})");
                fates[number] = ((fates[number] | Fate.Settled) & ~Fate.MayReturn) | mayReturn;
                _settledLately.Enqueue((now, message));
            }
            Trim();
        }
    }

    /// <summary>The broker is about to be killed: what was settled just now may come back, marked.</summary>
    public void Killed()
    {
        lock (_lock)
        {
            Trim();
            foreach (var (_, message) in _settledLately)
                _fates[message.Publisher][message.Number] |= Fate.MayReturn;
        }
    }

    /// <summary>Confirmed messages that were never acknowledged, when the queue is empty.</summary>
    public void CheckAllArrived()
    {
        lock (_lock)
        {
            foreach (var (publisher, fates) in _fates)
            {
                var lost = Enumerable.Range(0, fates.Count)
                    .Where(n => (fates[n] & (Fate.Confirmed | Fate.AckSent)) == Fate.Confirmed).ToList();
                if (lost.Count > 0)
                {
                    findings.Add($"{name}: LOST {lost.Count} confirmed messages of publisher {publisher}: "
                        + string.Join(", ", lost.Take(20).Select(n => $"{n} ({fates[n]})")));
                }
            }
        }
    }

    /// <summary>How many messages have this fate, and how many there are.</summary>
    public (int Have, int Of) Count(Fate fate)
    {
        lock (_lock)
            return (_fates.Values.Sum(f => f.Count(m => (m & fate) == fate)), _fates.Values.Sum(f => f.Count));
    }

    private void Fresh(SoakMessage message, Fate known, Dictionary<(int, int), int> lastFresh)
    {
        if (known.HasFlag(Fate.Fresh))
            findings.Add($"{name}: {message} came twice without the redelivered mark ({known})");
        var sender = (message.Publisher, message.Connection);
        if (lastFresh.TryGetValue(sender, out var last) && message.Number <= last)
            findings.Add($"{name}: {message} came after {last}, neither of them marked as redelivered");
        lastFresh[sender] = message.Number;
    }

    private void Trim()
    {
        while (_settledLately.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.At) > SettledForSure)
            _settledLately.Dequeue();
    }
}
