using Levada.Platform;

namespace Levada.Tests.Simulation;

/// <summary>
/// The tests' scheduler: work waits in a list, and the dice say what runs next, on the one thread there is. So whatever
/// the pool could do first or last is done first or last under some seed.
/// </summary>
internal sealed class SeededScheduler(Dice dice) : IScheduler
{
    private readonly List<IThreadPoolWorkItem> _waiting = [];

    /// <summary>How often work is done by whoever causes it, where that is allowed.</summary>
    public int InlinePercent { get; init; } = 50;

    public bool MayRunInline => dice.Chance(InlinePercent);

    /// <summary>Work that has not run yet.</summary>
    public int Waiting => _waiting.Count;

    public void Run(IThreadPoolWorkItem work) => _waiting.Add(work);

    public void RunBlocking(IThreadPoolWorkItem work) => _waiting.Add(work);

    /// <summary>Runs one piece of work; false if there is none.</summary>
    public bool RunOne()
    {
        if (_waiting.Count == 0)
            return false;
        var at = dice.Next(_waiting.Count);
        var work = _waiting[at];
        _waiting.RemoveAt(at);
        work.Execute();
        return true;
    }

    /// <summary>Forgets all work: the process is gone.</summary>
    public void Clear() => _waiting.Clear();
}
