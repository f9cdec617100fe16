namespace Levada.Logs;

/// <summary>What log lines are about, by RabbitMQ's words: each category has a level of its own.</summary>
public static class LogCategories
{
    /// <summary>The place of the category of all that has none of its own.</summary>
    public const int Default = 0;

    /// <summary>As in log.CATEGORY.level; log.exchange.level is the level of the log exchange.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["default", "connection", "channel", "queue", "exchanges", "policy", "user", "http", "storage"];

    /// <summary>The place among <see cref="Names"/> of a logger's category.</summary>
    /// <param name="logger">Its name: that of the type that logs.</param>
    public static int Of(string logger) => logger[(logger.LastIndexOf('.') + 1)..] switch
    {
        "Connection" or "TlsServer" => 1,
        "Channel" => 2,
        "Queue" => 3,
        "Exchange" => 4,
        "Policy" => 5,
        "User" => 6,
        "ManagementServer" or "HttpTransport" or "TraceEndpoint" => 7,
        "MessageStore" or "BodyFiles" or "CatalogStore" => 8,
        _ => logger.StartsWith("Microsoft.", StringComparison.Ordinal) ? 7 : Default,
    };
}
