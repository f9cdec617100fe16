using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Levada.Transports;

/// <summary>
/// The certificate, and the roots of clients' certificates, that clients of one name get; for those without a name of
/// their own, the usual ones. Read again when a file has changed. Safe from any thread.
/// </summary>
internal sealed partial class TlsHost
{
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly TlsOptions _options;
    private readonly ILogger _logger;
    private readonly string[] _files;
    private readonly Lock _loading = new();

    // Replaced under _loading, read without: both are immutable.
    private volatile Loaded _loaded;
    private volatile FileStamp[] _tried;

    /// <exception cref="IOException">A file cannot be read or is no certificate or key.</exception>
    public TlsHost(string name, TlsOptions options, ILogger logger)
    {
        Name = name;
        _options = options;
        _logger = logger;
        _files = [.. new[] { options.CertificateFile, options.KeyFile, options.CaFile }.OfType<string>()];
        _tried = Stamps();
        _loaded = Load();
        LogLoaded(Described, options.CertificateFile!, _loaded.Until);
    }

    /// <summary>As clients ask for it (SNI); may begin with <c>*.</c>. Empty for all others.</summary>
    public string Name { get; }

    private string Described => Name.Length == 0 ? "any host" : Name;

    /// <summary>When the certificate in use expires.</summary>
    public DateTime Until => _loaded.Until;

    public ClientCertificates Clients => _options.Clients ?? ClientCertificates.None;

    /// <summary>What a handshake needs, of the files as they are now.</summary>
    public SslServerAuthenticationOptions ForHandshake()
    {
        if (!Stamps().SequenceEqual(_tried))
            Reload();
        var loaded = _loaded;
        var handshake = new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = _options.Versions ?? (SslProtocols.Tls12 | SslProtocols.Tls13),
            ServerCertificateContext = loaded.Certificate,
        };
        if (Clients == ClientCertificates.None)
            return handshake;
        handshake.ClientCertificateRequired = true;
        // A resumed session would not be checked against roots that have changed since.
        handshake.AllowTlsResume = false;
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(loaded.Roots);
        policy.ApplicationPolicy.Add(ClientAuthentication);
        handshake.CertificateChainPolicy = policy;
        return handshake;
    }

    /// <summary>Why a client's certificate, or none, is refused; empty if it is not.</summary>
    public string Verify(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return Clients == ClientCertificates.Optional
                ? ""
                : "the client showed no certificate, and ssl_options.fail_if_no_peer_cert asks for one";
        }
        if (errors == SslPolicyErrors.None)
            return "";
        var faults = chain?.ChainStatus.Select(static s => s.Status.ToString()).Distinct() ?? [];
        return $"the client's certificate '{certificate.Subject}' does not verify by ssl_options.cacertfile: "
            + string.Join(", ", faults.DefaultIfEmpty(errors.ToString()));
    }

    // Broken ones are reported, and those read before stay in use.
    private void Reload()
    {
        lock (_loading)
        {
            var stamps = Stamps();
            if (stamps.SequenceEqual(_tried))
                return;
            _tried = stamps;
            try
            {
                _loaded = Load();
            }
            catch (IOException e)
            {
                LogReloadFailed(Described, e.Message, _loaded.Until);
                return;
            }
            LogLoaded(Described, _options.CertificateFile!, _loaded.Until);
        }
    }

    private Loaded Load()
    {
        var file = _options.CertificateFile!;
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(file, _options.KeyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            var roots = new X509Certificate2Collection();
            if (Clients != ClientCertificates.None)
            {
                file = _options.CaFile!;
                roots.ImportFromPemFile(file);
                if (roots.Count == 0)
                    throw new IOException($"there is no certificate in {file}");
            }
            return new Loaded(
                SslStreamCertificateContext.Create(
                    certificate, chain, offline: true,
                    roots.Count > 0 ? SslCertificateTrust.CreateForX509Collection(roots, true) : null),
                roots, certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception e) when (e is CryptographicException or UnauthorizedAccessException)
        {
            throw new IOException($"cannot use certificate {file}: {e.Message}", e);
        }
    }

    private FileStamp[] Stamps() => [.. _files.Select(FileStamp.Of)];

    private sealed record Loaded(
        SslStreamCertificateContext Certificate, X509Certificate2Collection Roots, DateTime Until);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "TLS certificate for {Host} loaded from {File}, valid until {Until:u}")]
    private partial void LogLoaded(string host, string file, DateTime until);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "TLS certificate for {Host}: {Reason}; the certificate read before stays in use, "
            + "valid until {Until:u}")]
    private partial void LogReloadFailed(string host, string reason, DateTime until);
}
