namespace Levada.Cli.Control;

/// <summary>A saved address: credentials are in it.</summary>
internal sealed record Profile(string Name, string Uri, TlsFiles Tls);
