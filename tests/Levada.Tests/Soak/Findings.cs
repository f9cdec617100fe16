using System.Collections.Concurrent;

namespace Levada.Tests.Soak;

/// <summary>What a soak found wrong. The first one ends it; those after it are kept, up to a bound.</summary>
internal sealed class Findings : IDisposable
{
    private const int Most = 100;

    private readonly ConcurrentQueue<string> _found = new();
    private readonly CancellationTokenSource _any = new();

    /// <summary>Cancelled by the first finding.</summary>
    public CancellationToken Any => _any.Token;

    public IReadOnlyCollection<string> All => _found;

    public void Add(string what)
    {
        if (_found.Count < Most)
            _found.Enqueue(what);
        _any.Cancel();
    }

    public void Dispose() => _any.Dispose();
}
