using Levada.Configuration;

namespace Levada;

public sealed partial class BrokerOptions
{
    /// <summary>Checks what no single key can see.</summary>
    /// <exception cref="ConfigurationException">Two settings do not fit each other.</exception>
    public void Validate()
    {
        if (HasTls && Tls.CertificateFile is null)
            throw new ConfigurationException(
                "AMQP over TLS needs a certificate: --cert FILE (and --key FILE), or ssl_options.certfile");
        if (HasHttpTls && HttpTls.Or(Tls).CertificateFile is null)
            throw new ConfigurationException(
                "HTTP with TLS needs a certificate: management.ssl.certfile, or ssl_options.certfile for both");
        foreach (var (name, host) in TlsHosts)
        {
            if (host.CertificateFile is null)
                throw new ConfigurationException($"[sni:{name}] has no tls_cert");
        }
        if (TlsHosts.Values.Select(h => h.Or(Tls)).Append(Tls).Append(HttpTls.Or(Tls)).Any(
            t => (t.Clients ?? ClientCertificates.None) != ClientCertificates.None && t.CaFile is null))
        {
            throw new ConfigurationException(
                "clients' certificates are asked for, but there is no ssl_options.cacertfile to verify them by");
        }
        if (ProxyProtocol && ProxySources.IsEmpty)
        {
            throw new ConfigurationException(
                "proxy_protocol needs proxy_protocol_trusted_sources, the addresses of your proxies, such as "
                + "'10.0.0.0/24, ::1'; '0.0.0.0/0, ::/0' would let every client claim any address");
        }
        if (!HasTls && AmqpListeners.Count + UnixListeners.Count + AmqpSockets.Count == 0)
            throw new ConfigurationException(
                "nothing to listen on: neither AMQP nor AMQP over TLS has a port, and there is no unix_path");
        if (PublishCredit > PublishCreditPerNode)
            throw new ConfigurationException("publish_credit is larger than publish_credit_per_node");
    }
}
