using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Metrics;

/// <summary>What of the figures is asked for, and under which names.</summary>
internal sealed partial class MetricsRequest
{
    private const string OpenMetrics = "application/openmetrics-text";

    private readonly HashSet<string> _vhosts;

    private MetricsRequest(IQueryCollection query, string accepts)
    {
        Prefix = query["prefix"] is [{ Length: > 0 } prefix, ..] ? prefix : "rabbitmq";
        Families = [.. query["family"].OfType<string>()];
        _vhosts = new HashSet<string>(query["vhost"].OfType<string>(), StringComparer.Ordinal);
        IsOpenMetrics = accepts.Contains(OpenMetrics, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>All virtual hosts, under RabbitMQ's names.</summary>
    public static MetricsRequest Everything { get; } = new(QueryCollection.Empty, accepts: "");

    /// <summary>What names of RabbitMQ's begin with; with another one those that LavinMQ alone has come too.</summary>
    public string Prefix { get; }

    public IReadOnlyList<string> Families { get; }

    public bool IsOpenMetrics { get; }

    /// <summary>Only some virtual hosts are asked for.</summary>
    public bool IsFiltered => _vhosts.Count > 0;

    public string ContentType => IsOpenMetrics
        ? $"{OpenMetrics}; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Null if the prefix can begin no name.</summary>
    public static MetricsRequest? Read(HttpContext context)
    {
        var request = new MetricsRequest(context.Request.Query, context.Request.Headers.Accept.ToString());
        return NameStart().IsMatch(request.Prefix) ? request : null;
    }

    public bool Wants(string? vhost) => !IsFiltered || (vhost is not null && _vhosts.Contains(vhost));

    /// <summary>The name of a figure that is asked for by family.</summary>
    public static string Detailed(string name) => $"rabbitmq_detailed_{name}";

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]{0,19}$")]
    private static partial Regex NameStart();
}
