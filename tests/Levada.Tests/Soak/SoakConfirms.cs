using System.Globalization;

namespace Levada.Tests.Soak;

/// <summary>
/// The unconfirmed publishes of one channel: delivery tag 1 is the number that the channel began with. The library
/// publishes and raises its events on different threads, so a lock guards them.
/// </summary>
internal sealed class SoakConfirms(int window, int first, Action<int> confirm) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SortedSet<ulong> _open = [];
    private ulong _last;

    /// <summary>Room for further publishes.</summary>
    public SemaphoreSlim Places { get; } = new(window);

    public void Sent()
    {
        lock (_lock)
            _open.Add(++_last);
    }

    public Task ResolveAsync(ulong tag, bool multiple)
    {
        lock (_lock)
        {
            ulong[] resolved = multiple ? [.. _open.TakeWhile(t => t <= tag)] : _open.Contains(tag) ? [tag] : [];
            foreach (var one in resolved)
            {
                _open.Remove(one);
                confirm(first + (int)one - 1);
            }
            if (resolved.Length > 0)
                Places.Release(resolved.Length);
        }
        return Task.CompletedTask;
    }

    public void Dispose() => Places.Dispose();

    public override string ToString()
    {
        lock (_lock)
            return string.Create(CultureInfo.InvariantCulture, $"open: {_open.Count} of {_last}, first {_open.Min}");
    }
}
