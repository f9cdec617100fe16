using System.Text;
using Levada.Exchanges;
using Levada.Protocol;
using Microsoft.Extensions.Logging;

namespace Levada.Events;

/// <summary>
/// Publishes log lines to amq.rabbitmq.log as well, the level as the routing key: RabbitMQ's log exchange. Whoever logs
/// does not wait for it, and publishing logs nothing itself, so no line causes another.
/// </summary>
/// <param name="inner">Where the lines go in any case.</param>
/// <param name="minimum">The least severe event to publish.</param>
/// <param name="node">The node's name.</param>
/// <param name="publisher">Publishes them.</param>
/// <param name="time">The clock.</param>
internal sealed class LogExchange(
    ILoggerFactory inner, LogLevel minimum, string node, InternalPublisher publisher, TimeProvider time)
    : ILoggerFactory
{
    public const string ExchangeName = "amq.rabbitmq.log";

    private volatile Exchange? _exchange;

    /// <summary>From here on lines are published; those before it are not kept.</summary>
    public void Start(Exchange exchange) => _exchange = exchange;

    public ILogger CreateLogger(string categoryName) =>
        new Logger(this, inner.CreateLogger(categoryName), categoryName[(categoryName.LastIndexOf('.') + 1)..]);

    /// <summary>To where the lines go in any case.</summary>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // What lines go to in any case is not this one's to end.
    }

    private void Publish(LogLevel level, string origin, string text, Exception? exception)
    {
        if (_exchange is not { IsDeleted: false } exchange)
            return;
        var now = time.GetUtcNow();
        var name = NameOf(level);
        var line = new StringBuilder()
            .Append($"{now:yyyy-MM-dd HH:mm:ss.ffffffzzz} [{name}] {origin.ToLowerInvariant()} {text}");
        for (var e = exception; e is not null; e = e.InnerException)
            line.Append($" | {e.GetType().Name}: {e.Message} {e.StackTrace}");
        var properties = new BasicProperties
        {
            ContentType = "text/plain", Timestamp = (ulong)now.ToUnixTimeSeconds(),
            Headers = new FieldTable().Add("node", node),
        };
        publisher.Publish(InternalMessage.Of(
            exchange, name, now.ToUnixTimeMilliseconds(), properties, Encoding.UTF8.GetBytes(line.ToString())));
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    private sealed class Logger(LogExchange owner, ILogger inner, string origin) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel) || owner.Wants(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (inner.IsEnabled(logLevel))
                inner.Log(logLevel, eventId, state, exception, formatter);
            if (owner.Wants(logLevel))
                owner.Publish(logLevel, origin, formatter(state, exception), exception);
        }
    }

    private bool Wants(LogLevel level) => level >= minimum && level != LogLevel.None && _exchange is not null;
}
