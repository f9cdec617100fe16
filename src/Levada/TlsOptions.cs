using System.Security.Authentication;

namespace Levada;

/// <summary>
/// What TLS listeners present and ask for. For a host of its own (SNI), what is null is as for the others.
/// </summary>
public sealed class TlsOptions
{
    /// <summary>PEM file: the server's certificate, then those between it and the root.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file: the private key. Null: it is in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>PEM file: the roots from which clients' certificates must come.</summary>
    public string? CaFile { get; set; }

    /// <summary>Whether clients show certificates; null is none.</summary>
    public ClientCertificates? Clients { get; set; }

    /// <summary>The versions a client may choose; null is 1.2 and 1.3.</summary>
    public SslProtocols? Versions { get; set; }

    /// <summary>These, with what is null taken from the others.</summary>
    internal TlsOptions Or(TlsOptions others) => new()
    {
        CertificateFile = CertificateFile ?? others.CertificateFile,
        // A key belongs to its certificate.
        KeyFile = CertificateFile is null ? others.KeyFile : KeyFile,
        CaFile = CaFile ?? others.CaFile,
        Clients = Clients ?? others.Clients,
        Versions = Versions ?? others.Versions,
    };
}
