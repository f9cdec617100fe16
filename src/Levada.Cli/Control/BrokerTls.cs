using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Levada.Cli.Control;

/// <summary>TLS to a broker's HTTP API.</summary>
internal static class BrokerTls
{
    /// <exception cref="ControlException">A file cannot be read, or is no certificate.</exception>
    public static void Apply(SslClientAuthenticationOptions options, TlsFiles files)
    {
        if (files.IsInsecure)
#pragma warning disable CA5359 // That is what --insecure asks for.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        if (files.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
            };
            Read("--cacert", authorities, policy.CustomTrustStore.ImportFromPemFile);
            options.CertificateChainPolicy = policy;
        }
        if (files.Certificate is { } certificate)
        {
            Read("--cert", certificate, file =>
                options.ClientCertificates = [X509Certificate2.CreateFromPemFile(file, files.Key)]);
        }
    }

    private static void Read(string option, string file, Action<string> read)
    {
        try
        {
            read(file);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ControlException(ControlExit.Usage, $"{option} {file}: {e.Message}");
        }
    }
}
