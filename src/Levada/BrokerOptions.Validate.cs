using Levada.Configuration;

namespace Levada;

public sealed partial class BrokerOptions
{
    /// <summary>Checks what no single key can see.</summary>
    /// <exception cref="ConfigurationException">Two settings do not fit each other.</exception>
    public void Validate()
    {
        if (AmqpsListeners.Count > 0 && Tls.CertificateFile is null)
            throw new ConfigurationException(
                "AMQP over TLS needs a certificate: --cert FILE (and --key FILE), or ssl_options.certfile");
        if (AmqpListeners.Count + AmqpsListeners.Count + UnixListeners.Count == 0)
            throw new ConfigurationException(
                "nothing to listen on: neither AMQP nor AMQP over TLS has a port, and there is no unix_path");
        if (PublishCredit > PublishCreditPerNode)
            throw new ConfigurationException("publish_credit is larger than publish_credit_per_node");
    }
}
