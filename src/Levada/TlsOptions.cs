using System.Security.Authentication;

namespace Levada;

/// <summary>What TLS listeners present: PEM files, and the oldest version they speak.</summary>
public sealed class TlsOptions
{
    /// <summary>PEM file: the server's certificate, then those between it and the root.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file: the private key. Null: it is in <see cref="CertificateFile"/>.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The versions a client may choose.</summary>
    public SslProtocols Versions { get; set; } = SslProtocols.Tls12 | SslProtocols.Tls13;
}
