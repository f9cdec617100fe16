using Levada.Cli.Perf.Client;

namespace Levada.Cli.Perf.Throughput;

/// <summary>
/// One publisher or consumer: a thread with a connection of its own. It counts alone; the reporter reads the counts
/// while it works. A lost connection is made again after a second, as long as the run goes on.
/// </summary>
internal abstract class PerfClient(ThroughputRun run, string name)
{
    protected const ushort Channel = 1;

    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(1);

    private AmqpConnection? _connection;
    private long _count;
    private bool _connected;

    /// <summary>Messages published or consumed so far.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>End to end for a consumer, to the confirm for a publisher.</summary>
    public LatencyHistogram Latency { get; } = new();

    protected ThroughputRun Run { get; } = run;

    protected ThroughputOptions Options => Run.Options;

    public Thread Start()
    {
        // Small stacks: a run may have thousands of clients.
        var thread = new Thread(Main, 256 * 1024) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    /// <summary>For the run's end: breaks a wait that did not end by itself.</summary>
    public void Abort() => _connection?.Abort();

    /// <summary>Declares what it needs, before the common start.</summary>
    protected abstract void Prepare(AmqpConnection connection);

    /// <summary>Works until the run or its own share of it is over.</summary>
    protected abstract void Work(AmqpConnection connection);

    protected void Counted(long messages) => Volatile.Write(ref _count, _count + messages);

    private void Main()
    {
        try
        {
            while (!Run.Stopped && !Attempt()) Run.Sleep(ReconnectAfter);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or FormatException)
        {
            Run.Fail(e.Message);
        }
        finally
        {
            if (!_connected) Run.Connected.Signal();
            Run.Done.Signal();
        }
    }

    /// <returns>False when the connection was lost and may be tried again.</returns>
    private bool Attempt()
    {
        try
        {
            // Another connection may find the queue gone.
            if (_connected) Run.DeclareQueues();
            using var connection = _connection = AmqpConnection.Open(Options.Uri, name);
            connection.OpenChannel(Channel);
            Prepare(connection);
            if (!_connected)
            {
                _connected = true;
                Run.Connected.Signal();
            }
            Run.Go.Wait();
            Work(connection);
            connection.Close();
            return true;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException && _connected)
        {
            if (Run.Stopped) return true;
            Console.Error.WriteLine($"{name}: {e.Message}");
            return false;
        }
    }
}
