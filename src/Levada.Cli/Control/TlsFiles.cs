namespace Levada.Cli.Control;

/// <summary>How a broker's certificate is checked, and what this side shows.</summary>
internal sealed record TlsFiles
{
    /// <summary>PEM file of authorities to trust in the place of the system's.</summary>
    public string? Authorities { get; init; }

    /// <summary>PEM file of the client's certificate.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file of its key, if it is not in the same one.</summary>
    public string? Key { get; init; }

    /// <summary>Any certificate will do.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>What is not said here is as it is there.</summary>
    public TlsFiles Or(TlsFiles other) => new()
    {
        Authorities = Authorities ?? other.Authorities,
        Certificate = Certificate ?? other.Certificate,
        Key = Certificate is null ? Key ?? other.Key : Key,
        IsInsecure = IsInsecure || other.IsInsecure,
    };
}
