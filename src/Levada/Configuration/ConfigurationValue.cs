using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Levada.Auth;
using Levada.Exchanges;
using Levada.Logs;
using Levada.Platform;
using Levada.Queues;
using Microsoft.Extensions.Logging;

namespace Levada.Configuration;

/// <summary>
/// Reads the values of settings; a bad one is a <see cref="ConfigurationException"/> that tells the range.
/// </summary>
internal static class ConfigurationValue
{
    private static readonly (string Suffix, long Factor)[] ByteUnits =
    [
        ("kib", 1L << 10), ("mib", 1L << 20), ("gib", 1L << 30), ("tib", 1L << 40),
        ("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
        ("k", 1L << 10), ("m", 1L << 20), ("g", 1L << 30), ("t", 1L << 40), ("", 1),
    ];

    public static long Integer(Setting setting, long from, long to)
    {
        if (long.TryParse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= from && value <= to)
            return value;
        throw Bad(setting, $"a whole number from {from} to {to}");
    }

    /// <summary>A number of bytes, with RabbitMQ's units: kB is 1000, kiB and k are 1024.</summary>
    public static long Bytes(Setting setting, long from, long to)
    {
        var text = setting.Value.ToLowerInvariant();
        foreach (var (suffix, factor) in ByteUnits)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            if (long.TryParse(text.AsSpan(0, text.Length - suffix.Length).TrimEnd(), NumberStyles.None,
                    CultureInfo.InvariantCulture, out var number)
                && number <= to / factor && number * factor >= from)
                return number * factor;
            break;
        }

        throw Bad(setting, $"bytes from {from} to {to}, units as in 64kB (1000) or 64MiB (1024)");
    }

    public static double Fraction(Setting setting, double from, double to) =>
        double.TryParse(setting.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number >= from && number <= to
            ? number
            : throw Bad(setting, FormattableString.Invariant($"a number from {from} to {to}, such as 0.5"));

    public static TimeSpan Milliseconds(Setting setting, long from, long to) =>
        TimeSpan.FromMilliseconds(Integer(setting, from, to));

    public static bool Boolean(Setting setting) => setting.Value.ToLowerInvariant() switch
    {
        "true" or "on" or "yes" or "1" => true,
        "false" or "off" or "no" or "0" => false,
        _ => throw Bad(setting, "true or false"),
    };

    public static string HttpAddress(Setting setting) =>
        Uri.TryCreate(setting.Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? setting.Value
            : throw Bad(setting, "an address such as http://collector:4318");

    public static string OtlpProtocol(Setting setting) => setting.Value is "http/protobuf" or "grpc"
        ? setting.Value
        : throw Bad(setting, "http/protobuf or grpc");

    public static string Text(Setting setting) =>
        setting.Value.Length > 0 ? setting.Value : throw Bad(setting, "not empty");

    /// <summary>The path of a Unix domain socket; empty for 'none'.</summary>
    public static string SocketPath(Setting setting) =>
        setting.Value == "none" ? ""
        : Encoding.UTF8.GetByteCount(Text(setting)) <= ListenSocket.PathMax ? setting.Value
        : throw Bad(
            setting, $"none, or a path of at most {ListenSocket.PathMax} bytes, which is what the system takes");

    /// <summary>Where definitions are taken from: only files of this machine.</summary>
    public static void CheckBackend(Setting setting)
    {
        if (setting.Value is not ("local_filesystem" or "local"))
            throw Bad(setting, "local_filesystem");
    }

    /// <summary>
    /// Addresses of either family, separated by commas; "::" and "*" are all of both, "localhost" is this machine only.
    /// </summary>
    public static IReadOnlyList<IPAddress> Addresses(Setting setting) =>
        [.. setting.Value.Split(',', StringSplitOptions.TrimEntries)
            .Select(text => TryAddress(text) ?? throw Bad(setting, "an IP address, * (all) or localhost"))];

    /// <summary>The permissions of a file in octal, as chmod takes them: 0660.</summary>
    public static UnixFileMode Mode(Setting setting)
    {
        var text = setting.Value;
        if (text.All(static c => c is >= '0' and <= '7') && (text.Length == 3 || (text.Length == 4 && text[0] == '0')))
            return (UnixFileMode)Convert.ToInt32(text, 8);
        throw Bad(setting, "three octal digits, as in 0660");
    }

    public static int Port(Setting setting) => (int)Integer(setting, 0, 65_535);

    /// <summary>"5672", "127.0.0.1:5672" or "[::1]:5672".</summary>
    public static ListenerOptions Listener(Setting setting)
    {
        var text = setting.Value;
        var colon = text.LastIndexOf(':');
        var address = IPAddress.IPv6Any;
        if (colon >= 0)
            address = TryAddress(text[..colon].Trim('[', ']'));
        if (address is not null
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return new ListenerOptions(address, port);
        throw Bad(setting, "a port, or address:port");
    }

    public static SslProtocols TlsVersion(Setting setting) => setting.Value.ToLowerInvariant() switch
    {
        "1.2" or "tlsv1.2" => SslProtocols.Tls12,
        "1.3" or "tlsv1.3" => SslProtocols.Tls13,
        _ => throw Bad(setting, "tlsv1.2 or tlsv1.3 (older versions are not offered)"),
    };

    /// <summary>RabbitMQ's words, LavinMQ's true and false, and ours.</summary>
    public static ClientCertificates Clients(Setting setting) => setting.Value.ToLowerInvariant() switch
    {
        "verify_none" or "none" or "false" => ClientCertificates.None,
        "verify_peer" or "optional" => ClientCertificates.Optional,
        "required" or "true" => ClientCertificates.Required,
        _ => throw Bad(setting, "verify_none, verify_peer (asked for, may be missing) or required"),
    };

    public static string Mechanism(Setting setting) =>
        Authenticator.Mechanisms.Contains(setting.Value.ToUpperInvariant())
            ? setting.Value.ToUpperInvariant()
            : throw Bad(setting, $"one of {string.Join(", ", Authenticator.Mechanisms)}");

    /// <summary>A password's hash of RabbitMQ or LavinMQ, by any of their algorithms.</summary>
    public static PasswordHash Hash(Setting setting)
    {
        foreach (var algorithm in (string[])[
            PasswordHash.Bcrypt, PasswordHash.Sha256, PasswordHash.Sha512, PasswordHash.Md5])
        {
            try
            {
                return PasswordHash.Parse(setting.Value, algorithm);
            }
            catch (FormatException)
            {
                // Their lengths tell them apart.
            }
        }
        throw new ConfigurationException($"{setting.Place}: {setting.Name} is no hash of a password");
    }

    public static CertificateName LoginFrom(Setting setting) => setting.Value.ToLowerInvariant() switch
    {
        "distinguished_name" => CertificateName.DistinguishedName,
        "common_name" => CertificateName.CommonName,
        "subject_alternative_name" or "subject_alt_name" => CertificateName.Dns,
        _ => throw Bad(setting, "distinguished_name, common_name or subject_alternative_name"),
    };

    /// <param name="setting">Which kind of alternative name.</param>
    /// <param name="from">Where names are taken from; another place than the alternative names stays.</param>
    public static CertificateName AlternativeName(Setting setting, CertificateName from)
    {
        var kind = setting.Value.ToLowerInvariant() switch
        {
            "dns" => CertificateName.Dns,
            "email" => CertificateName.Email,
            "uri" => CertificateName.Uri,
            _ => throw Bad(setting, "dns, email or uri"),
        };
        return from is CertificateName.DistinguishedName or CertificateName.CommonName ? from : kind;
    }

    /// <summary>Networks as in "10.0.0.0/8", single addresses, and "unix", separated by commas.</summary>
    public static ProxySources ProxySources(Setting setting)
    {
        var networks = new List<IPNetwork>();
        var unix = false;
        foreach (var text in setting.Value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (text == "unix")
                unix = true;
            else if (IPNetwork.TryParse(text, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(text, out var address))
                networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            else
                throw Bad(setting, "addresses, networks as in 10.0.0.0/8 (no bits set behind the prefix), or unix");
        }

        return new ProxySources(networks, unix);
    }

    public static HashAlgorithm Algorithm(Setting setting) =>
        HashAlgorithms.Find(setting.Value) ?? throw Bad(setting, "ring or jump");

    public static QueueType QueueType(Setting setting) =>
        QueueTypes.Find(setting.Value) ?? throw Bad(setting, "classic or quorum");

    public static LogLevel Level(Setting setting) => setting.Value.ToLowerInvariant() switch
    {
        "debug" => LogLevel.Debug,
        "info" or "notice" => LogLevel.Information,
        "warning" or "warn" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "critical" or "fatal" => LogLevel.Critical,
        "none" => LogLevel.None,
        _ => throw Bad(setting, "debug, info, warning, error, critical or none"),
    };

    /// <summary>RabbitMQ's words for a formatter.</summary>
    public static bool IsJson(Setting setting) => setting.Value.ToLowerInvariant() switch
    {
        "json" => true,
        "plaintext" or "text" => false,
        _ => throw Bad(setting, "plaintext or json"),
    };

    /// <summary>A path; empty for false and none.</summary>
    public static string OptionalFile(Setting setting) =>
        setting.Value is "false" or "none" ? "" : Text(setting);

    /// <summary>Null for an empty one.</summary>
    public static RotationDate? Rotation(Setting setting) => setting.Value.Length == 0 ? null
        : RotationDate.Parse(setting.Value) ?? throw Bad(setting, "$D0 to $D23, $H0 to $H59, or $W0D0 to $W6D23");

    /// <summary>What may stand in a header of an answer; empty for none.</summary>
    public static string Header(Setting setting) =>
        setting.Value.All(static c => c is >= ' ' and <= '~') ? setting.Value : throw Bad(setting, "printable ASCII");

    /// <summary>A site as browsers name it.</summary>
    public static string Origin(Setting setting) =>
        setting.Value == "*" || (Uri.TryCreate(setting.Value, UriKind.Absolute, out var site)
            && site.Scheme is "http" or "https" && site.PathAndQuery == "/" && !setting.Value.EndsWith('/'))
            ? setting.Value
            : throw Bad(setting, "a site such as https://example.com:8443, or *");

    public static ConfigurationException Bad(Setting setting, string expected) =>
        new($"{setting.Place}: {setting.Name} = '{setting.Value}' is not usable; expected {expected}");

    private static IPAddress? TryAddress(string text) => text.ToLowerInvariant() switch
    {
        "*" or "" => IPAddress.IPv6Any,
        "localhost" => IPAddress.Loopback,
        _ => IPAddress.TryParse(text, out var address) ? address : null,
    };
}
