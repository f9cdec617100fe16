using System.Net;
using System.Security.Authentication;

namespace Levada.Configuration;

/// <summary>
/// Every key there is, with RabbitMQ's name and LavinMQ's (section.key) where they have one.
/// Sources are applied in the order of these tables, so that a key may build on one above it.
/// docs/configuration.md lists the same keys; a test compares.
/// </summary>
public static partial class ConfigurationKeys
{
    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [.. Node(), .. Logs(), .. Transports(), .. Http(), .. Defaults(), .. Accounts(), .. Limits(), .. Operations()];

    /// <summary>The key of a name; null if there is none.</summary>
    /// <param name="name">One of its names.</param>
    /// <param name="item">What its * stands for.</param>
    public static ConfigurationKey? Find(string name, out string item)
    {
        foreach (var key in All)
        {
            if (key.Matches(name, out item))
                return key;
        }
        item = "";
        return null;
    }

    /// <summary>A value that the start alone reads.</summary>
    private static ConfigurationKey Key<T>(
        string help, Func<BrokerOptions, T> get, Action<BrokerOptions, T> set, Func<Setting, T> read,
        params string[] names) =>
        new(names, help, (options, settings) => set(options, read(settings[^1])))
        {
            Show = options => ConfigurationText.Of(get(options)),
        };

    /// <summary>A value that may change while the broker runs: whoever needs it asks the options each time.</summary>
    private static ConfigurationKey Live<T>(
        string help, Func<BrokerOptions, T> get, Action<BrokerOptions, T> set, Func<Setting, T> read,
        params string[] names) => Key(help, get, set, read, names) with
        {
            Copy = (from, to) => set(to, get(from)),
        };

    /// <summary>A value made of all settings of the key in one source.</summary>
    private static ConfigurationKey List<T>(
        string help, Func<BrokerOptions, T> get, Action<BrokerOptions, T> set,
        Func<IReadOnlyList<Setting>, T> read, params string[] names) =>
        new(names, help, (options, settings) => set(options, read(settings)))
        {
            Show = options => ConfigurationText.Of(get(options)),
        };

    private static ConfigurationKey LiveList<T>(
        string help, Func<BrokerOptions, T> get, Action<BrokerOptions, T> set,
        Func<IReadOnlyList<Setting>, T> read, params string[] names) => List(help, get, set, read, names) with
        {
            Copy = (from, to) => set(to, get(from)),
        };

    /// <summary>Another way to say what the keys <paramref name="sets"/> say.</summary>
    private static ConfigurationKey Also(
        string help, Action<BrokerOptions, Setting> apply, string[] sets, params string[] names) =>
        new(names, help, (options, settings) => apply(options, settings[^1])) { Sets = sets };

    private static Func<Setting, TimeSpan> Milliseconds(long from, long to) =>
        s => ConfigurationValue.Milliseconds(s, from, to);

    private static Func<Setting, TimeSpan> Seconds(long from, long to) =>
        s => TimeSpan.FromSeconds(ConfigurationValue.Integer(s, from, to));

    private static Func<Setting, int> Number(int from, int to) => s => (int)ConfigurationValue.Integer(s, from, to);

    private static Func<Setting, long> Bytes(long from, long to) => s => ConfigurationValue.Bytes(s, from, to);

    private static Func<Setting, int> SmallBytes(int from, int to) =>
        s => (int)ConfigurationValue.Bytes(s, from, to);

    private static Func<Setting, double> Fraction(double from, double to) =>
        s => ConfigurationValue.Fraction(s, from, to);

    private static int Count(Setting s) => (int)ConfigurationValue.Integer(s, 0, int.MaxValue);

    private static uint FrameMax(Setting s)
    {
        var value = (uint)ConfigurationValue.Bytes(s, 0, int.MaxValue);
        return value is 0 or >= 4096 ? value : throw ConfigurationValue.Bad(s, "0, or at least 4096 bytes");
    }

    private static IList<ListenerOptions> Listeners(IReadOnlyList<Setting> all) =>
        [.. all.Where(s => s.Value != "none").Select(ConfigurationValue.Listener)];

    /// <summary>
    /// Listeners on the port; their addresses are those of <paramref name="old"/>, or of a like kind.
    /// </summary>
    private static List<ListenerOptions> At(IList<ListenerOptions> old, IList<ListenerOptions> like, Setting port)
    {
        var number = ConfigurationValue.Port(port);
        var addresses = (old.Count > 0 ? old : like).Select(static l => l.Address).Distinct();
        return [.. addresses.DefaultIfEmpty(IPAddress.IPv6Any).Select(a => new ListenerOptions(a, number))];
    }

    private static void SetMetricsPort(BrokerOptions options, Setting port)
    {
        options.MetricsPortIsAsked = true;
        options.MetricsListeners = port.Value == "none"
            ? [] : At(options.MetricsListeners, [new ListenerOptions(IPAddress.Loopback, 0)], port);
    }

    private static void BindAmqp(BrokerOptions options, IReadOnlyList<IPAddress> addresses)
    {
        options.AmqpListeners = Rebound(options.AmqpListeners, addresses);
        options.AmqpsListeners = Rebound(options.AmqpsListeners, addresses);
    }

    /// <summary>The ports that there are, each on every one of the addresses.</summary>
    private static List<ListenerOptions> Rebound(
        IList<ListenerOptions> listeners, IReadOnlyList<IPAddress> addresses) =>
        [.. from port in listeners.Select(static l => l.Port).Distinct()
            from address in addresses
            select new ListenerOptions(address, port)];

    private static IList<string> Paths(IReadOnlyList<Setting> all) =>
        [.. all.Where(s => s.Value != "none").Select(ConfigurationValue.Text)];

    // "[sni:NAME]" is read as sni.NAME: what is behind the last dot is the option's name.
    private static IDictionary<string, TlsOptions> Hosts(IReadOnlyList<Setting> all)
    {
        var hosts = new Dictionary<string, TlsOptions>();
        foreach (var setting in all)
        {
            var dot = setting.Item.LastIndexOf('.');
            var name = setting.Item[..Math.Max(dot, 0)];
            if (name.Length == 0)
                throw ConfigurationValue.Bad(setting, "a section [sni:NAME]");
            if (!hosts.TryGetValue(name, out var host))
                hosts.Add(name, host = new TlsOptions());
            switch (setting.Item[(dot + 1)..])
            {
                case "tls_cert":
                    host.CertificateFile = ConfigurationValue.Text(setting);
                    break;
                case "tls_key":
                    host.KeyFile = ConfigurationValue.Text(setting);
                    break;
                case "tls_ca_cert":
                    host.CaFile = ConfigurationValue.Text(setting);
                    break;
                case "tls_verify_peer":
                    host.Clients = ConfigurationValue.Clients(setting);
                    break;
                case "tls_min_version":
                    host.Versions = SslProtocols.Tls13 | ConfigurationValue.TlsVersion(setting);
                    break;
                default:
                    throw new ConfigurationException(
                        $"{setting.Place}: there is no key '{setting.Name}'; an [sni:NAME] section has tls_cert, "
                        + "tls_key, tls_ca_cert, tls_verify_peer and tls_min_version");
            }
        }
        return hosts;
    }

    private static ClientCertificates? Demand(ClientCertificates? clients, Setting setting) =>
        ConfigurationValue.Boolean(setting) ? ClientCertificates.Required
            : clients == ClientCertificates.Required ? ClientCertificates.Optional : clients;

    private static IReadOnlyList<string> Mechanisms(IReadOnlyList<Setting> all) =>
        [.. all.Select(ConfigurationValue.Mechanism).Distinct()];

    private static IReadOnlyList<string> Origins(IReadOnlyList<Setting> all) =>
        [.. all.Where(s => s.Value != "none").Select(ConfigurationValue.Origin)];

    private static HashSet<string> OnlyLoopback(BrokerOptions options, Setting setting) =>
        ConfigurationValue.Boolean(setting) ? [options.DefaultUser] : [];

    private static SslProtocols Versions(IReadOnlyList<Setting> all) =>
        all.Aggregate(SslProtocols.None, (versions, s) => versions | ConfigurationValue.TlsVersion(s));

    private static ISet<string> Users(IReadOnlyList<Setting> all) =>
        new HashSet<string>(
            all.Where(s => s.Item.Length > 0 && ConfigurationValue.Boolean(s)).Select(s => s.Item),
            StringComparer.Ordinal);
}
