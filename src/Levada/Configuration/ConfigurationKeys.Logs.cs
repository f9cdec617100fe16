namespace Levada.Configuration;

// Keys: what is logged, and where.
public static partial class ConfigurationKeys
{
    private static ConfigurationKey[] Logs() =>
    [
        Key("least severe event to log: debug, info, warning, error, critical, none",
            o => o.LogLevel, (o, v) => o.LogLevel = v, ConfigurationValue.Level, "log.level", "log.console.level",
            "main.log_level"),
        Key("publishes log lines to the exchange amq.rabbitmq.log too",
            o => o.LogExchange, (o, v) => o.LogExchange = v, ConfigurationValue.Boolean, "log.exchange",
            "log_exchange", "main.log_exchange"),
        Key("least severe event to publish there",
            o => o.LogExchangeLevel, (o, v) => o.LogExchangeLevel = v, ConfigurationValue.Level, "log.exchange.level"),
    ];
}
