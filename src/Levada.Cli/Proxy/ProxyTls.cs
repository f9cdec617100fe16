using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Levada.Cli.Proxy;

/// <summary>TLS to clients with one certificate, which can be read again.</summary>
internal sealed class ProxyTls
{
    private readonly string _certificateFile;
    private readonly string? _keyFile;

    // Replaced as a whole; handshakes under way keep what they began with.
    private volatile SslStreamCertificateContext _certificate = null!;

    /// <exception cref="IOException">The files cannot be used.</exception>
    public ProxyTls(string certificateFile, string? keyFile)
    {
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        Load();
    }

    /// <summary>Reads the files.</summary>
    /// <exception cref="IOException">They cannot be used; what was read before stays.</exception>
    public void Load()
    {
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(_certificateFile);
            _certificate = SslStreamCertificateContext.Create(
                X509Certificate2.CreateFromPemFile(_certificateFile, _keyFile), chain, offline: true);
        }
        catch (Exception e) when (e is CryptographicException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot use certificate {_certificateFile}: {e.Message}", e);
        }
    }

    public async Task<Stream> AcceptAsync(Stream stream, TimeSpan timeout)
    {
        using var patience = new CancellationTokenSource(timeout);
        var tls = new SslStream(stream);
        var handshake = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _certificate,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        await tls.AuthenticateAsServerAsync(handshake, patience.Token);
        return tls;
    }
}
