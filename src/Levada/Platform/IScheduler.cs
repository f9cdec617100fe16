namespace Levada.Platform;

/// <summary>
/// Where work runs that is not run by whoever caused it. Two implementations: the thread pool with a few disk threads,
/// and the tests' single-threaded one, whose order comes from a seed.
/// </summary>
public interface IScheduler
{
    /// <summary>
    /// False makes a caller hand over work that it could do at once: the tests' way to other interleavings.
    /// </summary>
    bool MayRunInline { get; }

    /// <summary>Runs work that does not block.</summary>
    void Run(IThreadPoolWorkItem work);

    /// <summary>Runs work that waits for a disk.</summary>
    void RunBlocking(IThreadPoolWorkItem work);
}
