using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Levada.Auth;
using Microsoft.Extensions.Logging;

namespace Levada.Transports;

/// <summary>
/// The broker's side of TLS: picks the certificate by the name that the client asks for (SNI), verifies the client's,
/// and lets only so many handshakes run at once. Safe from any thread.
/// </summary>
internal sealed class TlsServer : IDisposable
{
    private const byte HandshakeRecord = 0x16;

    private readonly BrokerOptions _options;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _places;

    // Replaced as a whole by a reload.
    private volatile TlsHosts _hosts;

    /// <param name="options">Bounds, and where a certificate has the user's name.</param>
    /// <param name="usual">For clients that ask for no name of <paramref name="hosts"/>.</param>
    /// <param name="hosts">By name.</param>
    /// <param name="logger">Told what is loaded.</param>
    /// <exception cref="IOException">A file cannot be read or is no certificate or key.</exception>
    public TlsServer(
        BrokerOptions options, TlsOptions usual, IDictionary<string, TlsOptions> hosts, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _places = new SemaphoreSlim(options.TlsHandshakeMax);
        _hosts = new TlsHosts(usual, hosts, logger);
    }

    /// <summary>Handshakes that run now.</summary>
    public int Running => _options.TlsHandshakeMax - _places.CurrentCount;

    /// <summary>For each name when its certificate expires; "" is the usual one.</summary>
    public IEnumerable<(string Name, DateTime Until)> Expiries => _hosts.All.Select(static h => (h.Name, h.Until));

    /// <summary>Reads all certificates again, by settings that may be others.</summary>
    /// <returns>Takes them over: the next handshake has them.</returns>
    /// <exception cref="IOException">A file cannot be read or is no certificate or key.</exception>
    public Action Prepare(TlsOptions usual, IDictionary<string, TlsOptions> hosts)
    {
        var next = new TlsHosts(usual, hosts, _logger);
        return () => _hosts = next;
    }

    /// <summary>Does the handshake.</summary>
    /// <returns>The decrypted bytes, and the client's certificate if it has one; it is verified then.</returns>
    /// <exception cref="RefusedException">It is not TLS, or the handshake failed.</exception>
    public async Task<(Stream Stream, ClientCertificate? Client)> AcceptAsync(
        Socket socket, CancellationToken cancellationToken)
    {
        // Who says nothing holds no place.
        var first = new byte[1];
        if (await socket.ReceiveAsync(first, SocketFlags.Peek, cancellationToken) == 0)
            throw new IOException("the client ended the connection before the TLS handshake");
        if (first[0] != HandshakeRecord)
            throw NotTls(first[0]);
        await TakePlaceAsync(cancellationToken);
        try
        {
            return await HandshakeAsync(socket, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task TakePlaceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _places.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException e)
        {
            throw new RefusedException(
                Refusal.TlsHandshakeMax, $"tls_handshake_max ({_options.TlsHandshakeMax}) TLS handshakes are running, "
                + $"and none ended within handshake_timeout ({_options.HandshakeTimeout.TotalMilliseconds} ms)", e);
        }
    }

    private async Task<(Stream Stream, ClientCertificate? Client)> HandshakeAsync(
        Socket socket, CancellationToken cancellationToken)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var rejection = "";
        try
        {
            await stream.AuthenticateAsServerAsync(
                (_, hello, _, _) =>
                {
                    var host = _hosts.Find(hello.ServerName);
                    var handshake = host.ForHandshake();
                    if (host.Clients != ClientCertificates.None)
                        handshake.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                            (rejection = host.Verify(certificate, chain, errors)).Length == 0;
                    return ValueTask.FromResult(handshake);
                },
                state: null, cancellationToken);
        }
        catch (AuthenticationException e)
        {
            await stream.DisposeAsync();
            var reason = rejection.Length > 0 ? rejection : $"TLS handshake: {e.InnerException?.Message ?? e.Message}";
            throw new RefusedException(Refusal.Tls, reason, e);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
        // Without host.Clients none is asked for, so one that is here has passed Verify.
        using var remote = stream.RemoteCertificate as X509Certificate2;
        var client = remote is null
            ? null
            : ClientCertificate.Read(remote, _options.CertificateLoginFrom, _options.CertificateLoginIndex) with
            {
                Facts = CertificateFacts.Read(remote),
            };
        return (stream, client);
    }

    private static RefusedException NotTls(byte first) => ProxyHeader.IsLikely([first])
        ? new RefusedException(Refusal.ProxyUntrusted, ProxyHeader.UntrustedText)
        : new RefusedException(
            Refusal.NotTls, $"the first byte is 0x{first:x2}, which is not TLS"
            + (first == 'A' ? ": this looks like AMQP without it; use amqps:// in the client, or another port" : ""));
}
