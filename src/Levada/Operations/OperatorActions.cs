using Levada.Amqp;
using Levada.Platform;
using Levada.Policies;
using Levada.Protocol;
using Microsoft.Extensions.Logging;

namespace Levada.Operations;

/// <summary>
/// What operators may do, for the HTTP API and the command line: each request is done by the connection it concerns,
/// in a turn of it, then written to the log and to <see cref="Audit"/>. An administrator may do everything, other users
/// what concerns their own connections. No thread waits.
/// </summary>
public sealed partial class OperatorActions
{
    /// <summary>What the client reads if the operator gives no reason.</summary>
    private const string DefaultReason = "Closed via management plugin";

    private readonly Broker _broker;
    private readonly Dictionary<OperatorAction, ILogger> _loggers;

    internal OperatorActions(Broker broker, ILoggerFactory loggers)
    {
        _broker = broker;
        _loggers = Enum.GetValues<OperatorAction>().ToDictionary(
            static action => action, action => loggers.CreateLogger($"Levada.Operations.{CategoryOf(action)}"));
        Audit = new AuditLog(broker.Options);
    }

    public AuditLog Audit { get; }

    /// <summary>A full collection at once, and what the runtime can spare back to the system.</summary>
    public Task<OperatorResult> CollectGarbageAsync(OperatorRequest by) => RunAsync(
        by, OperatorAction.CollectGarbage, "node", _broker.MayAdminister(by.User), static () =>
        {
            IdleTrim.Collect();
            return Task.FromResult(OperatorResult.Done);
        });

    /// <summary>connection.close with 320 and the reason.</summary>
    public Task<OperatorResult> CloseConnectionAsync(OperatorRequest by, Connection connection) => RunAsync(
        by, OperatorAction.CloseConnection, $"connection {connection}", MayActOn(by, connection.UserName),
        () => connection.CloseByOperatorAsync(by.Reason ?? DefaultReason));

    /// <summary>All connections that the user has at this moment, those in their handshake too.</summary>
    public Task<OperatorResult> CloseUserConnectionsAsync(OperatorRequest by, string user) => RunAsync(
        by, OperatorAction.CloseUserConnections, $"user '{user}'", MayActOn(by, user),
        async () =>
        {
            var results = await Task.WhenAll(
                _broker.Connections.All.Where(c => c.UserName == user)
                    .Select(c => c.CloseByOperatorAsync(by.Reason ?? DefaultReason)));
            return new OperatorResult(
                OperatorOutcome.Done, $"{results.Count(static r => r.Outcome == OperatorOutcome.Done)} connections");
        });

    /// <summary>
    /// channel.close with 406 and the reason: 320 is an error of connections, which some clients take a channel's for
    /// final.
    /// </summary>
    public Task<OperatorResult> CloseChannelAsync(OperatorRequest by, Connection connection, ushort number) =>
        OnChannelAsync(by, OperatorAction.CloseChannel, connection, number, "", (channel, done) =>
        {
            channel.CloseByOperator(by.Reason ?? DefaultReason);
            done(OperatorResult.Done);
        });

    /// <summary>
    /// basic.cancel to the client, if it understands it; what the consumer has unacknowledged stays its channel's.
    /// </summary>
    public Task<OperatorResult> CancelConsumerAsync(
        OperatorRequest by, Connection connection, ushort number, string tag) => OnChannelAsync(
            by, OperatorAction.CancelConsumer, connection, number, $"consumer '{tag}' of ",
            (channel, done) => channel.CancelByOperator(tag, done));

    /// <summary>All that is unacknowledged on a channel goes back to its places in the queues.</summary>
    public Task<OperatorResult> RequeueUnacknowledgedAsync(OperatorRequest by, Connection connection, ushort number) =>
        OnChannelAsync(
            by, OperatorAction.RequeueUnacknowledged, connection, number, "", static (channel, done) => done(
                new OperatorResult(OperatorOutcome.Done, $"{channel.RequeueByOperator()} messages")));

    /// <summary>A consumer's prefetch, as long as it lives.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="connection">The consumer's.</param>
    /// <param name="number">The channel's.</param>
    /// <param name="tag">The consumer's.</param>
    /// <param name="count">0 is unlimited.</param>
    public Task<OperatorResult> SetPrefetchAsync(
        OperatorRequest by, Connection connection, ushort number, string tag, ushort count) => OnChannelAsync(
            by, OperatorAction.SetPrefetch, connection, number, $"prefetch {count} for consumer '{tag}' of ",
            (channel, done) => channel.SetPrefetch(tag, count, done));

    /// <summary>
    /// The prefetch of all of a channel's consumers and of those to come, or of the channel as a whole; until the
    /// client says otherwise with basic.qos.
    /// </summary>
    /// <param name="by">Who asks.</param>
    /// <param name="connection">The channel's.</param>
    /// <param name="number">The channel's.</param>
    /// <param name="count">0 is unlimited.</param>
    /// <param name="isGlobal">Of the channel as a whole.</param>
    public Task<OperatorResult> SetPrefetchAsync(
        OperatorRequest by, Connection connection, ushort number, ushort count, bool isGlobal) => OnChannelAsync(
            by, OperatorAction.SetPrefetch, connection, number, $"{(isGlobal ? "global " : "")}prefetch {count} for ",
            (channel, done) =>
            {
                if (isGlobal)
                {
                    channel.SetGlobalPrefetch(count);
                    done(OperatorResult.Done);
                }
                else
                {
                    channel.SetPrefetch(count, done);
                }
            });

    /// <summary>Stops the deliveries to a channel's consumers; all else goes on, basic.get too.</summary>
    public Task<OperatorResult> PauseChannelAsync(OperatorRequest by, Connection connection, ushort number) =>
        OnChannelAsync(
            by, OperatorAction.PauseChannel, connection, number, "",
            static (channel, done) => done(Changed(channel.Pause(DeliveryPause.Operator, isPaused: true))));

    /// <summary>Lets them go on, unless the client or a drain holds them up too.</summary>
    public Task<OperatorResult> ResumeChannelAsync(OperatorRequest by, Connection connection, ushort number) =>
        OnChannelAsync(
            by, OperatorAction.ResumeChannel, connection, number, "",
            static (channel, done) => done(Changed(channel.Pause(DeliveryPause.Operator, isPaused: false))));

    /// <summary>Takes the node out of service. Returns when it has begun.</summary>
    /// <param name="by">Who asks; an administrator.</param>
    /// <param name="timeout">After which clients are closed that have not finished; null: as configured.</param>
    public Task<OperatorResult> DrainAsync(OperatorRequest by, TimeSpan? timeout = null)
    {
        var limit = timeout ?? _broker.Options.DrainTimeout;
        return RunAsync(
            by, OperatorAction.Drain, $"the node, within {limit.TotalSeconds:0.###} s",
            _broker.MayAdminister(by.User), () => Task.FromResult(Changed(_broker.Drain.Start(limit, by.Reason))));
    }

    /// <summary>
    /// Takes a drain back. Who was cancelled or closed by then has to come again; all else goes on.
    /// </summary>
    public Task<OperatorResult> ReviveAsync(OperatorRequest by) => RunAsync(
        by, OperatorAction.Revive, "the node", _broker.MayAdminister(by.User),
        () => Task.FromResult(Changed(_broker.Drain.Revive())));

    /// <summary>Takes no more AMQP connections; those that are there go on.</summary>
    public Task<OperatorResult> SuspendListenersAsync(OperatorRequest by) =>
        OnListenersAsync(by, OperatorAction.SuspendListeners, _broker.SuspendListeners);

    /// <summary>Takes them again, where it did.</summary>
    public Task<OperatorResult> ResumeListenersAsync(OperatorRequest by) =>
        OnListenersAsync(by, OperatorAction.ResumeListeners, _broker.ResumeListeners);

    /// <summary>Something that was done already, without this: for the audit.</summary>
    public void Note(OperatorRequest by, OperatorAction action, string target, string detail) =>
        Record(by, action, target, new OperatorResult(OperatorOutcome.Done, detail));

    // The log's category.
    private static string CategoryOf(OperatorAction action) => action switch
    {
        OperatorAction.CloseConnection or OperatorAction.CloseUserConnections => "Connection",
        OperatorAction.CloseChannel or OperatorAction.CancelConsumer or OperatorAction.RequeueUnacknowledged
            or OperatorAction.SetPrefetch or OperatorAction.PauseChannel or OperatorAction.ResumeChannel => "Channel",
        OperatorAction.SetUser or OperatorAction.DeleteUser or OperatorAction.SetPermissions
            or OperatorAction.ClearPermissions or OperatorAction.SetTopicPermissions
            or OperatorAction.ClearTopicPermissions or OperatorAction.ResetLoginCounts => "User",
        OperatorAction.SetPolicy or OperatorAction.DeletePolicy or OperatorAction.SetParameter
            or OperatorAction.DeleteParameter or OperatorAction.SetLimit => "Policy",
        OperatorAction.DeclareExchange or OperatorAction.DeleteExchange or OperatorAction.Bind
            or OperatorAction.Unbind => "Exchange",
        OperatorAction.DeclareQueue or OperatorAction.DeleteQueue or OperatorAction.PurgeQueue
            or OperatorAction.PauseQueue or OperatorAction.ResumeQueue or OperatorAction.FetchMessages
            or OperatorAction.MoveMessages => "Queue",
        _ => "Operator",
    };

    // What a client would read in the same place.
    private static OperatorResult ResultOf(AmqpException fault) => new(
        fault.ReplyCode switch
        {
            ReplyCode.AccessRefused => OperatorOutcome.Denied,
            ReplyCode.NotFound => OperatorOutcome.Gone,
            ReplyCode.ResourceError => OperatorOutcome.Refused,
            _ => OperatorOutcome.Invalid,
        },
        fault.Text);

    private static OperatorResult Changed(bool isChanged) =>
        isChanged ? OperatorResult.Done : OperatorResult.AlreadySo;

    private Task<OperatorResult> OnChannelAsync(
        OperatorRequest by, OperatorAction action, Connection connection, ushort number, string what,
        Action<Channel, Action<OperatorResult>> act) => RunAsync(
            by, action, $"{what}channel {number} of connection {connection}", MayActOn(by, connection.UserName),
            () => connection.OnChannelAsync(number, act));

    private Task<OperatorResult> OnListenersAsync(OperatorRequest by, OperatorAction action, Func<bool> change) =>
        RunAsync(by, action, "the node", _broker.MayAdminister(by.User), () =>
        {
            try
            {
                return Task.FromResult(Changed(change()));
            }
            catch (Exception e) when (e is IOException or InvalidOperationException)
            {
                return Task.FromResult(new OperatorResult(OperatorOutcome.Refused, e.Message));
            }
        });

    private bool MayActOn(OperatorRequest by, string? owner) => by.User == owner || _broker.MayAdminister(by.User);

    private async Task<OperatorResult> RunAsync(
        OperatorRequest by, OperatorAction action, string target, bool isAllowed, Func<Task<OperatorResult>> act)
    {
        var result = new OperatorResult(OperatorOutcome.Failed);
        try
        {
            result = isAllowed ? await act() : new OperatorResult(OperatorOutcome.Denied);
            return result;
        }
        catch (AmqpException fault)
        {
            result = ResultOf(fault);
            return result;
        }
        catch (RefusedDefinitionException fault)
        {
            result = new OperatorResult(OperatorOutcome.Invalid, fault.Message);
            return result;
        }
        finally
        {
            Record(by, action, target, result);
        }
    }

    private void Record(OperatorRequest by, OperatorAction action, string target, OperatorResult result)
    {
        var entry = new AuditEntry
        {
            At = _broker.Time.GetUtcNow(),
            User = by.User,
            From = by.From,
            Action = action,
            Target = target,
            Reason = by.Reason ?? "",
            Result = result,
        };
        Audit.Add(entry);
        LogAction(
            _loggers[action], entry.User, entry.From, action, entry.Target, entry.Reason, result.Outcome,
            result.Detail);
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "operator '{User}' from {From}: {Action} of {Target}, reason '{Reason}': {Outcome} {Detail}")]
    private static partial void LogAction(
        ILogger logger, string user, string from, OperatorAction action, string target, string reason,
        OperatorOutcome outcome, string detail);
}
