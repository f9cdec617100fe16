using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// /api/health/checks, for monitoring and load balancers: 200 if all is well, else 503 and what is not, as RabbitMQ.
/// </summary>
internal sealed class HealthEndpoint(Broker broker, BrokerOptions options, IReadOnlyList<Listener> http)
{
    /// <summary>What holds of a node by itself: it is no cluster that could lose a majority.</summary>
    public static Task SingleNodeAsync(HttpContext context) =>
        OkAsync(context, new StatusReply("ok") { Reason = "single node cluster" });

    public static Task WellAsync(HttpContext context) => OkAsync(context, new StatusReply("ok"));

    public Task VHostsAsync(HttpContext context) => broker.Catalog.VHosts.Any(static vhost => vhost.IsDeleted)
        ? FailedAsync(context, new StatusReply("failed") { Reason = "Some virtual hosts are down" })
        : WellAsync(context);

    public Task PortAsync(HttpContext context)
    {
        if (!int.TryParse(PathName.Of(context, "port"), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return Reply.BadRequestAsync(context, "Invalid port");
        var ports = Listeners().Select(static listener => listener.Port).Distinct().ToList();
        return ports.Contains(port)
            ? OkAsync(context, new StatusReply("ok") { Port = port })
            : FailedAsync(context, new StatusReply("failed")
            {
                Reason = "No active listener",
                Missing = JsonElement.Parse(port.ToString(CultureInfo.InvariantCulture)),
                Ports = ports,
            });
    }

    /// <summary>One protocol, or several with commas between: one of them is enough.</summary>
    public Task ProtocolAsync(HttpContext context)
    {
        var wanted = PathName.Of(context, "protocols");
        var there = Listeners().Select(static listener => listener.Protocol).Distinct().ToList();
        foreach (var name in wanted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var protocol = ProtocolOf(name);
            if (there.Contains(protocol))
                return OkAsync(context, new StatusReply("ok") { Protocol = protocol });
        }
        return FailedAsync(context, new StatusReply("failed")
        {
            Reason = "No active listener",
            Missing = JsonSerializer.SerializeToElement(wanted, ApiJson.Default.String),
            Protocols = there,
        });
    }

    /// <summary>503 if a listener's certificate ends within so many days, weeks, months or years.</summary>
    public Task CertificatesAsync(HttpContext context)
    {
        if (!int.TryParse(
                PathName.Of(context, "within"), NumberStyles.None, CultureInfo.InvariantCulture, out var within)
            || PeriodOf(within, PathName.Of(context, "unit")) is not { } period)
        {
            return Reply.BadRequestAsync(context, "Time unit not supported: it is days, weeks, months or years");
        }
        var expired = broker.CertificateExpiries
            .Where(certificate => certificate.Until - broker.Now.UtcDateTime < period)
            .Select(static certificate => string.Create(
                CultureInfo.InvariantCulture,
                $"{(certificate.Host.Length > 0 ? certificate.Host : "any host")}: {certificate.Until:u}")).ToList();
        return expired.Count == 0
            ? WellAsync(context)
            : FailedAsync(context, new StatusReply("failed") { Reason = "Certificates expiring", Expired = expired });
    }

    /// <summary>In service, and publishing is not blocked.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        var reason = broker.Drain.IsOn
            ? "this node is being drained, or was"
            : broker.Alarms.IsRaised ? $"publishing is blocked: {broker.Alarms.Reason}" : null;
        return reason is null
            ? WellAsync(context)
            : FailedAsync(context, new StatusReply("failed") { Reason = reason });
    }

    /// <summary>Fewer connections are open than may be.</summary>
    public Task ConnectionsAsync(HttpContext context)
    {
        var limit = options.ConnectionMax;
        return limit <= 0 || broker.Connections.RunningCount < limit
            ? WellAsync(context)
            : FailedAsync(context, new StatusReply("failed")
            {
                Reason = $"{broker.Connections.RunningCount} connections are open, the limit is {limit}",
            });
    }

    private static TimeSpan? PeriodOf(int count, string unit) => unit switch
    {
        "days" => TimeSpan.FromDays(count),
        "weeks" => TimeSpan.FromDays(count * 7L),
        "months" => TimeSpan.FromDays(count * 30L),
        "years" => TimeSpan.FromDays(count * 365L),
        _ => null,
    };

    // As RabbitMQ takes them.
    private static string ProtocolOf(string name) => name.ToLowerInvariant() switch
    {
        "amqp091" or "amqp0.9.1" or "amqp-0-9-1" => "amqp",
        "amqp/ssl" or "amqp091/ssl" => "amqps",
        var other => other,
    };

    private IEnumerable<Listener> Listeners() => broker.Listeners.Concat(http);

    private static Task OkAsync(HttpContext context, StatusReply reply) =>
        Reply.OkAsync(context, reply, ApiJson.Default.StatusReply);

    private static Task FailedAsync(HttpContext context, StatusReply reply)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return OkAsync(context, reply);
    }
}
