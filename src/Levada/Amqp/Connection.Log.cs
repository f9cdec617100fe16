using Levada.Queues;
using Microsoft.Extensions.Logging;

namespace Levada.Amqp;

/// <summary>
/// What the log says of connections. The shapes are those that operators of RabbitMQ search for (rule L10).
/// </summary>
public sealed partial class Connection
{
    /// <summary>Name, client name, vhost and user, as far as they are known.</summary>
    public override string ToString() =>
        $"{Name}{(ClientName.Length > 0 ? $" - {ClientName}" : "")}"
        + (UserName is null ? "" : $" (vhost: '{VHost?.Name ?? "none"}', user: '{UserName}')");

    /// <summary>For errors of others: its address, its client's name and how long it has been there.</summary>
    internal string Describe() =>
        $"{Name[..Name.IndexOf(" -> ", StringComparison.Ordinal)]}"
        + $"{(ClientName.Length > 0 ? $" '{ClientName}'" : "")}, connected for {Since(StartedMs).TotalSeconds:0} s";

    /// <summary>Logged for the first only. Under the outbox lock.</summary>
    internal void WarnOfLargeHeader(Queue queue, int size)
    {
        if (_largeHeaderLogged)
            return;
        _largeHeaderLogged = true;
        // Not here: writing a log may take its time, and this lock is everyone's.
        ThreadPool.QueueUserWorkItem(_ => LogLargeHeader(this, size, queue.Name, FrameMax));
    }

    private bool _largeHeaderLogged;

    private void LogClientName(Connection connection, string name)
    {
        if (name.Length > 0)
            LogNamed(connection.Name, name);
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "connection {Connection} has a client-provided name: {Name}")]
    private partial void LogNamed(string connection, string name);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "connection {Connection}: user '{User}' authenticated and granted access to vhost '{VHost}'")]
    private partial void LogOpened(Connection connection, string user, string vhost);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Channel error on connection {Connection}, channel {Channel}: operation {Method} caused a channel "
        + "exception {Error}")]
    private static partial void LogChannelError(
        ILogger logger, Connection connection, ushort channel, string method, string error);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Error on AMQP connection {Connection}, state: {State}, channel {Channel}: operation {Method} "
        + "caused a connection exception {Error}")]
    private partial void LogConnectionError(
        Connection connection, string state, ushort channel, string method, string error);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "connection {Connection}: failed to negotiate connection parameters: {Reason}")]
    private partial void LogTuneFailed(Connection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "connection {Connection}: a content header of {Size} octets from queue '{Queue}' goes out in one "
        + "frame, above "
            + "the frame_max of {FrameMax} that the client asked for; this is logged once a connection")]
    private partial void LogLargeHeader(Connection connection, int size, string queue, uint frameMax);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Closing AMQP connection {Connection}: {Reason}")]
    private partial void LogClosing(Connection connection, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "closing AMQP connection {Connection}: {Reason}")]
    private partial void LogClosed(Connection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "closing AMQP connection {Connection}: client unexpectedly closed TCP connection ({Cause}) after "
        + "{Duration}")]
    private partial void LogLost(Connection connection, string cause, TimeSpan duration);

    [LoggerMessage(Level = LogLevel.Warning, Message = "closing AMQP connection {Connection}: {Reason}")]
    private partial void LogAborted(Connection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "connection {Connection}: login with {Mechanism} refused: {Reason}")]
    private partial void LogLoginRefused(Connection connection, string mechanism, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "connection {Connection}: unknown protocol header {Header}; {Hint}")]
    private partial void LogBadHeader(Connection connection, string header, string hint);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "connection {Connection}: {What} in state {State}; dropped")]
    private partial void LogUnexpectedFrame(Connection connection, string what, string state);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "connection {Connection}: internal error {Id}; only this connection is closed")]
    private partial void LogBroken(Exception error, Connection connection, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "connection {Connection}: publishing is blocked: {Reason}")]
    private partial void LogBlocked(Connection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "connection {Connection}: consumer '{Tag}' is cancelled and its messages go back: {Reason}")]
    internal static partial void LogConsumerTimedOut(
        ILogger logger, Connection connection, string tag, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "connection {Connection}, channel {Channel}: consumer '{Tag}' is cancelled, as its user has other "
            + "permissions now: {Reason}")]
    internal static partial void LogConsumerRefused(
        ILogger logger, Connection connection, ushort channel, string tag, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "closing AMQP connection {Connection}: {Reason}")]
    private partial void LogBodyNotRead(Connection connection, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "connection {Connection}, channel {Channel}: a body of {Size} octets was refused, it could not be "
        + "stored: {Reason}")]
    private partial void LogBodyNotStored(Connection connection, ushort channel, ulong size, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "accepting AMQP connection {Connection}")]
    private partial void LogAccepting(Connection connection);
}
