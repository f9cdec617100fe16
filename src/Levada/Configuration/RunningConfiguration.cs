namespace Levada.Configuration;

/// <summary>
/// The options of a running broker, and their reload: what may change while it runs is brought into the options that
/// the broker reads, all or nothing. Safe from any thread: one reload at a time, under a lock under which the parts of
/// the broker are told; readers take none.
/// </summary>
public sealed class RunningConfiguration(BrokerOptions options)
{
    private readonly Lock _reloading = new();
    private readonly List<Func<BrokerOptions, Action>> _parts = [];
    private Func<LoadedConfiguration>? _load;

    // Replaced under _reloading.
    private volatile IReadOnlyDictionary<string, Setting> _from = new Dictionary<string, Setting>();
    private volatile IReadOnlyDictionary<string, string> _pending = new Dictionary<string, string>();

    /// <summary>Tells where the options come from, before the broker is used.</summary>
    /// <param name="loaded">As they were read.</param>
    /// <param name="load">Reads the sources again.</param>
    public void ComesFrom(LoadedConfiguration loaded, Func<LoadedConfiguration> load)
    {
        _from = loaded.From;
        _load = load;
    }

    /// <summary>
    /// Adds a part of the broker with a state of its own, such as certificates: it gets the new options, may refuse
    /// them by throwing <see cref="ConfigurationException"/> or <see cref="IOException"/>, and returns what takes them
    /// over.
    /// </summary>
    public void Add(Func<BrokerOptions, Action> prepare)
    {
        lock (_reloading)
            _parts.Add(prepare);
    }

    /// <summary>Every key with its value.</summary>
    public IReadOnlyList<ConfigurationRow> Rows()
    {
        var pending = _pending;
        return
        [
            .. LoadedConfiguration.RowsOf(options, _from).Select(
                row => pending.TryGetValue(row.Key, out var value) ? row with { AfterRestart = value } : row),
        ];
    }

    /// <summary>Reads the sources again and takes over what may change.</summary>
    /// <exception cref="ConfigurationException">Something is wrong in them; nothing has changed.</exception>
    public ReloadReport Reload()
    {
        lock (_reloading)
        {
            var loaded = _load?.Invoke();
            var next = loaded?.Options ?? options;
            var ready = Prepare(next);
            var (changed, later) = (new List<ConfigurationChange>(), new List<ConfigurationChange>());
            if (loaded is not null)
                TakeOver(loaded, changed, later);
            foreach (var takeOver in ready)
                takeOver();
            return new ReloadReport(changed, later, loaded?.Warnings ?? []);
        }
    }

    /// <summary>Changes one live key, until the next reload or start.</summary>
    /// <param name="setting">Its name and value; the place is shown as the source.</param>
    /// <exception cref="ConfigurationException">
    /// There is no such key, it needs a restart, or the value cannot be used; nothing has changed.
    /// </exception>
    public ConfigurationChange Set(Setting setting)
    {
        lock (_reloading)
        {
            // What the settings are at the moment, to see whether they still fit each other.
            var next = new BrokerOptions();
            foreach (var live in ConfigurationKeys.All)
                live.Copy?.Invoke(options, next);
            BrokerConfiguration.Apply(next, [setting]);
            var key = ConfigurationKeys.Find(setting.Name, out _);
            if (key?.Copy is not { } copy)
                throw new ConfigurationException($"{setting.Name} cannot be changed while the broker runs");
            next.Validate();
            var ready = Prepare(next);
            var change = new ConfigurationChange(key.Name, key.Show!(options), key.Show(next), setting.Place);
            copy(next, options);
            foreach (var takeOver in ready)
                takeOver();
            _from = new Dictionary<string, Setting>(_from) { [key.Name] = setting };
            return change;
        }
    }

    private List<Action> Prepare(BrokerOptions next)
    {
        var (ready, problems) = (new List<Action>(), new List<string>());
        foreach (var part in _parts)
        {
            try
            {
                ready.Add(part(next));
            }
            catch (Exception e) when (e is ConfigurationException or IOException)
            {
                problems.Add(e.Message);
            }
        }
        return problems.Count == 0 ? ready : throw new ConfigurationException(problems);
    }

    private void TakeOver(
        LoadedConfiguration loaded, List<ConfigurationChange> changed, List<ConfigurationChange> later)
    {
        var from = new Dictionary<string, Setting>(loaded.From);
        foreach (var key in ConfigurationKeys.All)
        {
            if (key.Show is not { } show)
                continue;
            var (old, value) = (show(options), show(loaded.Options));
            if (old == value)
                continue;
            var change = new ConfigurationChange(
                key.Name, key.IsSecret ? ConfigurationRow.Hidden : old, key.IsSecret ? ConfigurationRow.Hidden : value,
                loaded.From.TryGetValue(key.Name, out var setting) ? setting.Place : ConfigurationRow.Default);
            if (key.Copy is { } copy)
            {
                copy(loaded.Options, options);
                changed.Add(change);
                continue;
            }
            later.Add(change);
            // What is in force is still what was read before.
            from.Remove(key.Name);
            if (_from.TryGetValue(key.Name, out var before))
                from.Add(key.Name, before);
        }
        _from = from;
        _pending = later.ToDictionary(static c => c.Key, static c => c.To);
    }
}
