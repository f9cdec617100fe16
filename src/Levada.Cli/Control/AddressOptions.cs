namespace Levada.Cli.Control;

/// <summary>What the command line says of where the broker is.</summary>
internal sealed record AddressOptions(
    string? Uri, string? Profile, string? Host, int? Port, string? User, string? Password, bool Insecure);
