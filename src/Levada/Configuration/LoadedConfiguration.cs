namespace Levada.Configuration;

/// <summary>Options, and where each value comes from.</summary>
public sealed class LoadedConfiguration
{
    private readonly Dictionary<string, Setting> _from = [];
    private readonly List<string> _warnings = [];

    public BrokerOptions Options { get; } = new();

    /// <summary>By a key's first name; what is not there has its default.</summary>
    public IReadOnlyDictionary<string, Setting> From => _from;

    /// <summary>Settings that have no effect, a line each.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Reads sources; later ones win, key by key.</summary>
    /// <param name="sources">The first is the weakest.</param>
    /// <exception cref="ConfigurationException">Something is wrong: all that can be seen at once.</exception>
    public static LoadedConfiguration Of(params IEnumerable<IEnumerable<Setting>> sources)
    {
        var loaded = new LoadedConfiguration();
        var problems = new List<string>();
        foreach (var source in sources)
        {
            try
            {
                BrokerConfiguration.Apply(loaded.Options, source, loaded._from, loaded._warnings);
            }
            catch (ConfigurationException e)
            {
                problems.AddRange(e.Problems);
            }
        }
        return problems.Count == 0 ? loaded : throw new ConfigurationException(problems);
    }

    /// <summary>Every key with its value.</summary>
    public IReadOnlyList<ConfigurationRow> Rows() => RowsOf(Options, _from);

    internal static IReadOnlyList<ConfigurationRow> RowsOf(
        BrokerOptions options, IReadOnlyDictionary<string, Setting> from) =>
    [
        .. from key in ConfigurationKeys.All
        where key.Show is not null
        select new ConfigurationRow(
            key.Name, key.IsSecret ? ConfigurationRow.Hidden : key.Show!(options),
            @from.TryGetValue(key.Name, out var setting) ? setting.Place : ConfigurationRow.Default, key.IsLive),
    ];
}
