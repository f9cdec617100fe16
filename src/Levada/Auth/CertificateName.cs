namespace Levada.Auth;

/// <summary>Where in a client's certificate its user's name is, by RabbitMQ's words.</summary>
public enum CertificateName
{
    /// <summary>The whole subject, as RFC 4514 writes it: CN=anna,O=Example.</summary>
    DistinguishedName,

    /// <summary>The common name alone.</summary>
    CommonName,

    /// <summary>A DNS name among the alternative names.</summary>
    Dns,

    /// <summary>A mail address among them.</summary>
    Email,

    /// <summary>A URI among them.</summary>
    Uri,
}
