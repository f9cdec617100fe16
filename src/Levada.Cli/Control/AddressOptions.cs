namespace Levada.Cli.Control;

/// <summary>What the command line says of where the broker is.</summary>
internal sealed record AddressOptions
{
    public string? Socket { get; init; }

    public string? Uri { get; init; }

    public string? Profile { get; init; }

    public string? Host { get; init; }

    public int? Port { get; init; }

    public string? User { get; init; }

    public string? Password { get; init; }

    public TlsFiles Tls { get; init; } = new();
}
