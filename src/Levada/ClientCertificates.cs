namespace Levada;

/// <summary>Whether clients show a certificate of their own on a TLS port.</summary>
public enum ClientCertificates
{
    /// <summary>They are not asked.</summary>
    None,

    /// <summary>They are asked and may have none; one that does not verify is refused.</summary>
    Optional,

    /// <summary>Without one that verifies they are refused.</summary>
    Required,
}
