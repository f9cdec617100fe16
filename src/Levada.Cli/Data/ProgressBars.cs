using Levada.Offline;
using Spectre.Console;

namespace Levada.Cli.Data;

/// <summary>
/// A bar for each stage of long work, on standard error if that is a terminal; else nothing is shown. Members may be
/// called from any thread.
/// </summary>
internal sealed class ProgressBars : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _end = new();

    // Under the lock.
    private readonly Dictionary<string, ProgressTask> _tasks = [];
    private ProgressContext? _context;
    private Task? _shown;

    public void Show(DataProgress progress)
    {
        if (Console.IsErrorRedirected || _end.Task.IsCompleted)
            return;
        lock (_lock)
        {
            _shown ??= StartAsync();
            if (_context is null)
                return;
            if (!_tasks.TryGetValue(progress.Stage, out var task))
                _tasks.Add(progress.Stage, task = _context.AddTask(progress.Stage));
            task.IsIndeterminate = progress.Total == 0;
            task.MaxValue = Math.Max(1, progress.Total);
            task.Value = progress.Done;
        }
    }

    /// <summary>Takes the bars away, for good: what is written next begins where they were.</summary>
    public void Dispose()
    {
        _end.TrySetResult();
        lock (_lock)
            _context = null;
        _shown?.GetAwaiter().GetResult();
    }

    private Task StartAsync()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                _context = context;
                await _end.Task;
            });
    }
}
