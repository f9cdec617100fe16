using Levada.Cli.Perf.Client;

namespace Levada.Cli.Perf.Scenarios;

/// <summary>
/// Sends heartbeats on idle connections, on a thread of its own, twice in each interval. It ends the program if a
/// connection breaks: what is measured would not be there any more.
/// </summary>
internal sealed class Heartbeats : IDisposable
{
    private readonly List<AmqpConnection> _connections;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    private Heartbeats(List<AmqpConnection> connections, TimeSpan pause)
    {
        _connections = connections;
        _thread = new Thread(() => Run(pause)) { IsBackground = true, Name = "heartbeats" };
        _thread.Start();
    }

    /// <summary>Begins; null if there are no heartbeats. The list may grow under its own lock.</summary>
    public static Heartbeats? Start(List<AmqpConnection> connections, int seconds) =>
        seconds == 0 ? null : new Heartbeats(connections, TimeSpan.FromSeconds(seconds / 2.0));

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
    }

    private void Run(TimeSpan pause)
    {
        while (!_stop.Wait(pause))
        {
            AmqpConnection[] open;
            lock (_connections) open = [.. _connections];
            try
            {
                foreach (var connection in open) connection.Beat();
            }
            catch (IOException e)
            {
                Console.Error.WriteLine($"levada perf: a connection broke: {e.Message}");
                Environment.Exit(1);
            }
        }
    }
}
