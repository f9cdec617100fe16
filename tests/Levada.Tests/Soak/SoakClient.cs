using System.Net.Sockets;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Levada.Tests.Soak;

/// <summary>
/// An ordinary client: RabbitMQ's library, which connects again whenever its connection is lost. One without a bad
/// network in between may lose it to a kill only, and the broker never has a reason to close any of them.
/// </summary>
internal abstract class SoakClient(string name, SoakSetting setting, bool isProxied)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BeforeNext = TimeSpan.FromMilliseconds(200);

    // What the library may still do with a connection that it knows to be lost, or to make or close one.
    private static readonly TimeSpan LibraryPatience = TimeSpan.FromMinutes(1);

    protected string Name => name;

    protected Findings Findings => setting.Findings;

    protected SoakCounts Counts => setting.Counts;

    protected SoakBroker Broker => setting.Broker;

    /// <summary>Connects and works, again and again, until it is told to stop and has ended in order.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var isDone = false; !isDone && !Broker.IsOver;)
        {
            var life = Broker.Life;
            try
            {
                isDone = await OneConnectionAsync(life, stop);
            }
            catch (Exception e) when (IsLoss(e))
            {
                Interlocked.Increment(ref Counts.Refused);
                NoteLoss(life, e.Message);
            }
            if (!isDone)
                await Task.Delay(BeforeNext, CancellationToken.None);
        }
    }

    /// <summary>One connection's work; true if it came to its end, false if it was lost on the way.</summary>
    /// <param name="connection">It is closed afterwards.</param>
    /// <param name="life">The broker's, that it was made in.</param>
    /// <param name="stop">Come to an end.</param>
    protected abstract Task<bool> WorkAsync(IConnection connection, int life, CancellationToken stop);

    /// <summary>An exception that only says that the connection is gone.</summary>
    protected static bool IsLoss(Exception e) =>
        e is AlreadyClosedException or OperationInterruptedException or BrokerUnreachableException or IOException
            or SocketException or TimeoutException or ObjectDisposedException or OperationCanceledException
            or ConnectFailureException or PossibleAuthenticationFailureException or ProtocolViolationException;

    private async Task<bool> OneConnectionAsync(int life, CancellationToken stop)
    {
        var connection = await ConnectAsync().WaitAsync(LibraryPatience, CancellationToken.None);
        // Who saw it down and got through has reached its next life.
        life |= 1;
        var isLost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.ConnectionShutdownAsync += (_, end) =>
        {
            isLost.TrySetResult();
            return OnEndAsync(life, end);
        };
        connection.ConnectionBlockedAsync += (_, _) => Count(ref Counts.Blocked);
        Interlocked.Increment(ref Counts.Connected);
        try
        {
            return await UnlessStuckAsync(WorkAsync(connection, life, stop), isLost.Task);
        }
        catch (Exception e) when (IsLoss(e))
        {
            NoteLoss(life, e.Message);
            return false;
        }
        finally
        {
            await CloseAsync(connection).WaitAsync(LibraryPatience, CancellationToken.None);
        }
    }

    // The library sometimes waits for ever for what a lost connection will not bring. That is counted, and it begins
    // anew: a connection that the broker still has is another matter, and noticed in the end.
    private async Task<bool> UnlessStuckAsync(Task<bool> work, Task isLost)
    {
        if (await Task.WhenAny(work, isLost) == work || await Task.WhenAny(work, Task.Delay(LibraryPatience)) == work)
            return await work;
        Interlocked.Increment(ref Counts.Stuck);
        return false;
    }

    private Task<IConnection> ConnectAsync()
    {
        var at = isProxied ? setting.Proxy.Address : Broker.Amqp;
        return new ConnectionFactory
        {
            HostName = "127.0.0.1",
            Port = at.Port,
            ClientProvidedName = name,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            // The others must not be lost to a machine that is busy.
            RequestedHeartbeat = isProxied ? Heartbeat : TimeSpan.FromMinutes(2),
            RequestedConnectionTimeout = Patience,
            HandshakeContinuationTimeout = isProxied ? Heartbeat * 3 : Patience,
            ContinuationTimeout = isProxied ? Heartbeat * 4 : Patience * 3,
        }.CreateConnectionAsync(CancellationToken.None);
    }

    private static async Task CloseAsync(IConnection connection)
    {
        await connection.AbortAsync(Constants.ReplySuccess, "done", TimeSpan.FromSeconds(2));
        await connection.DisposeAsync();
    }

    private Task OnEndAsync(int life, ShutdownEventArgs end)
    {
        if (end.Initiator == ShutdownInitiator.Application)
            return Task.CompletedTask;
        Interlocked.Increment(ref Counts.Lost);
        if (end.Initiator == ShutdownInitiator.Peer)
            Findings.Add($"{name}: the broker closed the connection: {end}");
        if (end.Exception is SyntaxErrorException or UnexpectedFrameException or MalformedFrameException)
            Findings.Add($"{name}: the library could not read what came: {end.Exception}");
        NoteLoss(life, end.ToString());
        return Task.CompletedTask;
    }

    private void NoteLoss(int life, string what)
    {
        if (!isProxied && Broker.IsStill(life))
            Findings.Add($"{name}: the connection was lost though nobody disturbed it: {what}");
    }

    private static Task Count(ref long count)
    {
        Interlocked.Increment(ref count);
        return Task.CompletedTask;
    }
}
