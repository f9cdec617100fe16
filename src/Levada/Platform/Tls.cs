using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Levada.Platform;

/// <summary>Certificates for listeners, from PEM files.</summary>
internal static class Tls
{
    /// <exception cref="IOException">A file cannot be read or is no certificate or key.</exception>
    public static SslServerAuthenticationOptions ServerOptions(TlsOptions options)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.KeyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(options.CertificateFile!);
            return new SslServerAuthenticationOptions
            {
                EnabledSslProtocols = options.Versions,
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            };
        }
        catch (System.Security.Cryptography.CryptographicException e)
        {
            throw new IOException($"cannot use certificate {options.CertificateFile}: {e.Message}", e);
        }
    }
}
