using Microsoft.Extensions.Logging;

namespace Levada.Transports;

/// <summary>The certificates of one TLS port, by the names that clients ask for. Immutable.</summary>
internal sealed class TlsHosts
{
    private readonly TlsHost _usual;
    private readonly Dictionary<string, TlsHost> _named = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="IOException">A file cannot be read or is no certificate or key.</exception>
    public TlsHosts(TlsOptions usual, IDictionary<string, TlsOptions> named, ILogger logger)
    {
        _usual = new TlsHost("", usual, logger);
        foreach (var (name, host) in named)
            _named.Add(name, new TlsHost(name, host.Or(usual), logger));
    }

    public IEnumerable<TlsHost> All => _named.Values.Prepend(_usual);

    /// <summary>By the name itself, then by *. with what is behind its first dot.</summary>
    public TlsHost Find(string name)
    {
        if (_named.TryGetValue(name, out var host))
            return host;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _named.TryGetValue($"*{name[dot..]}", out host) ? host : _usual;
    }
}
