using System.Text.Json;

namespace Levada.Management.Metrics;

/// <summary>Sockets accepted and turned away, TLS.</summary>
internal static class ArrivalMetrics
{
    public static void Write(MetricsText text, Broker broker)
    {
        text.Family("levada_accepted_total", "counter", "Sockets accepted, by listener");
        foreach (var (kind, count) in broker.Arrivals.Accepted)
            text.Sample("levada_accepted_total", count, ("listener", Label(kind)));
        text.Family("levada_refused_total", "counter", "Sockets turned away before any AMQP, by listener and reason");
        foreach (var (kind, reason, count) in broker.Arrivals.Refused)
            text.Sample("levada_refused_total", count, ("listener", Label(kind)), ("reason", Label(reason)));

        text.Gauge("levada_tls_handshakes", "TLS handshakes that run now", broker.TlsHandshakes);
        text.Family("levada_tls_certificate_not_after_seconds", "gauge", "When a certificate expires, in Unix time");
        foreach (var (host, until) in broker.CertificateExpiries)
        {
            text.Sample("levada_tls_certificate_not_after_seconds", new DateTimeOffset(until).ToUnixTimeSeconds(),
                ("host", host));
        }
    }

    private static string Label(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
