using System.Globalization;
using System.Security.Authentication;
using Levada.Auth;
using Levada.Exchanges;
using Levada.Queues;
using Microsoft.Extensions.Logging;

namespace Levada.Configuration;

/// <summary>Values in the words of the configuration file, so that equal texts are equal values.</summary>
internal static class ConfigurationText
{
    private const string None = "none";

    public static string Of(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture),
        LogLevel level => LevelOf(level),
        QueueType type => type.Name(),
        HashAlgorithm algorithm => algorithm.ToString().ToLowerInvariant(),
        UnixFileMode mode => "0" + Convert.ToString((int)mode, 8),
        ClientCertificates clients => clients switch
        {
            ClientCertificates.None => "verify_none",
            ClientCertificates.Optional => "verify_peer",
            _ => "required",
        },
        SslProtocols versions => Versions(versions),
        CertificateName name => NameOf(name),
        ProxySources sources => Join(
            sources.Networks.Select(static n => n.ToString()).Concat(sources.Unix ? ["unix"] : [])),
        IEnumerable<ListenerOptions> listeners => Join(listeners.Select(static l => l.ToString())),
        IDictionary<string, TlsOptions> hosts => Join(
            hosts.OrderBy(static h => h.Key, StringComparer.Ordinal).Select(static h => Describe(h.Key, h.Value))),
        ISet<string> names => Join(names.Order(StringComparer.Ordinal)),
        IEnumerable<string> texts => Join(texts),
        IEnumerable<object> items => Join(items.Select(static item => item.ToString() ?? "")),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>As in log.level.</summary>
    public static string LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        LogLevel.Critical => "critical",
        _ => None,
    };

    private static string Versions(SslProtocols versions) => Join(
        ((string[])["tlsv1.2", "tlsv1.3"]).Where(
            v => versions.HasFlag(v == "tlsv1.2" ? SslProtocols.Tls12 : SslProtocols.Tls13)));

    private static string NameOf(CertificateName name) => name switch
    {
        CertificateName.DistinguishedName => "distinguished_name",
        CertificateName.CommonName => "common_name",
        _ => $"subject_alternative_name ({name.ToString().ToLowerInvariant()})",
    };

    private static string Describe(string host, TlsOptions tls) =>
        $"{host} ({tls.CertificateFile}, {tls.KeyFile}, {tls.CaFile}, {Of(tls.Clients)}, {Of(tls.Versions)})";

    private static string Join(IEnumerable<string> items)
    {
        var text = string.Join(", ", items);
        return text.Length > 0 ? text : None;
    }
}
