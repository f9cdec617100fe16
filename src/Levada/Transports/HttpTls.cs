using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Levada.Auth;
using Microsoft.Extensions.Logging;

namespace Levada.Transports;

/// <summary>
/// The certificates of the HTTP API's TLS ports: those of management.ssl, else those of AMQP. Safe from any thread.
/// </summary>
public sealed class HttpTls
{
    private readonly BrokerOptions _options;
    private readonly ILogger _logger;

    // Replaced as a whole by a reload.
    private volatile TlsHosts _hosts;

    /// <exception cref="IOException">A file cannot be read or is no certificate or key.</exception>
    public HttpTls(BrokerOptions options, ILogger logger)
    {
        (_options, _logger) = (options, logger);
        _hosts = Load(options);
    }

    /// <summary>For each name when its certificate expires; "" is the usual one.</summary>
    public IEnumerable<(string Name, DateTime Until)> Expiries => _hosts.All.Select(static h => (h.Name, h.Until));

    /// <summary>What a handshake needs.</summary>
    /// <param name="name">The host that the client asks for; empty if it does not tell.</param>
    public SslServerAuthenticationOptions ForHandshake(string name)
    {
        var host = _hosts.Find(name);
        var handshake = host.ForHandshake();
        if (host.Clients != ClientCertificates.None)
            handshake.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                host.Verify(certificate, chain, errors).Length == 0;
        return handshake;
    }

    /// <summary>The user whom a client's certificate, which verified, names.</summary>
    public ClientCertificate Read(X509Certificate2 certificate) =>
        ClientCertificate.Read(certificate, _options.CertificateLoginFrom, _options.CertificateLoginIndex);

    /// <summary>Reads all certificates again, by settings that may be others.</summary>
    /// <returns>Takes them over: the next handshake has them.</returns>
    /// <exception cref="IOException">A file cannot be read or is no certificate or key.</exception>
    public Action Prepare(BrokerOptions next)
    {
        // Without one any more the ports go on with the old one, until they go with a restart.
        if (next.HttpTls.Or(next.Tls).CertificateFile is null)
            return static () => { };
        var hosts = Load(next);
        return () => _hosts = hosts;
    }

    private TlsHosts Load(BrokerOptions options) =>
        new(options.HttpTls.Or(options.Tls), options.TlsHosts, _logger);
}
