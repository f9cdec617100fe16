using Levada.Amqp;
using Levada.Catalog;
using Levada.Events;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Warnings;
using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>What the broker itself publishes, and where.</summary>
public sealed partial class Broker
{
    private readonly LogExchange? _logExchange;
    private readonly EventExchange _events;

    // The alarms that events told of last.
    private string[] _alarmsTold = [];

    /// <summary>Publishes what the broker itself has to say.</summary>
    internal InternalPublisher Publisher { get; }

    /// <summary>Who listens to what happens in the broker.</summary>
    public EventFeed EventFeed { get; } = new();

    /// <summary>Says what happens in the broker; null if nobody wants to hear it.</summary>
    internal EventExchange? Events => Options.EventExchange || EventFeed.HasListeners ? _events : null;

    private LogExchange? NewLogExchange(ILoggerFactory inner) => Options.LogExchange
        ? new LogExchange(inner, Options.LogExchangeLevel, NodeName, Publisher, Time)
        : null;

    private void DeclareOwnExchanges()
    {
        if (Options.EventExchange)
            DeclareOwn(EventExchange.ExchangeName, Options.EventExchangeVHost ?? Options.DefaultVHost, _events.Start);
        if (_logExchange is not null)
            DeclareOwn(LogExchange.ExchangeName, Options.DefaultVHost, _logExchange.Start);
    }

    // A topic exchange that clients bind to and cannot delete; nothing if the vhost is gone.
    private void DeclareOwn(string name, string vhost, Action<Exchange> done)
    {
        if (Catalog.FindVHost(vhost) is not { } found)
            return;
        var definition = new ExchangeDefinition(
            name, ExchangeType.Topic, Durable: true, AutoDelete: false, Internal: true, FieldTable.Empty);
        using var declared = new ManualResetEventSlim();
        try
        {
            Catalog.DeclareExchange(found, definition, exchange =>
            {
                done(exchange);
                declared.Set();
            });
        }
        catch (AmqpException e)
        {
            LogNotDeclared(name, vhost, e.Message);
            return;
        }
        // Clients that come first thing find it.
        declared.Wait();
    }

    [LoggerMessage(
        Level = LogLevel.Error, Message = "exchange '{Exchange}' cannot be declared in vhost '{VHost}': {Reason}")]
    private partial void LogNotDeclared(string exchange, string vhost, string reason);

    private void TellAlarms()
    {
        PublishAlarms();
        if (Alarms.IsRaised)
            LogAlarm(Alarms.Reason);
        else
            LogAlarmCleared();
        foreach (var connection in Connections.All)
            connection.AlarmsChanged();
    }

    private void PublishAlarms()
    {
        string[] raised = [.. Alarms.Current.Select(static alarm => alarm.Resource)];
        var told = Interlocked.Exchange(ref _alarmsTold, raised);
        foreach (var resource in raised.Except(told))
            Events?.Publish("alarm.set", AboutAlarm(resource));
        foreach (var resource in told.Except(raised))
            Events?.Publish("alarm.cleared", AboutAlarm(resource));
    }

    private void TellWarning(Warning warning, bool isOver)
    {
        if (Events is not { } events)
            return;
        var headers = new FieldTable()
            .Add("name", warning.Name)
            .Add("who", warning.Who)
            .Add("connection", warning.Connection)
            .Add("user", warning.User)
            .Add("vhost", warning.VHost);
        if (!isOver)
            headers.Add("what", warning.What).Add("advice", warning.Advice);
        events.Publish(isOver ? "warning.cleared" : "warning.set", headers);
    }

    private FieldTable AboutAlarm(string resource) =>
        EventExchange.By(null).Add("source", resource).Add("node", NodeName);
}
