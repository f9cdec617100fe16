using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Levada.Tests.Host;

namespace Levada.Tests.Soak;

/// <summary>
/// The broker of a soak, through all its lives on one data folder, and what it says of itself: by its API, its log and
/// the kernel. One thread kills and asks; anybody may look at <see cref="Life"/>.
/// </summary>
internal sealed partial class SoakBroker : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Dictionary<string, string> _settings;
    private readonly Findings _findings;
    private BrokerProcess _process = null!;
    private HttpClient _http = null!;
    private int _life;
    private volatile bool _isOver;

    private SoakBroker(string folder, Dictionary<string, string> settings, Findings findings) =>
        (_folder, _settings, _findings) = (folder, settings, findings);

    /// <summary>Odd while it lives. It rises just before a kill, and when clients can connect again.</summary>
    public int Life => Volatile.Read(ref _life);

    /// <summary>There will be no further life: nothing to connect to any more.</summary>
    public bool IsOver => _isOver;

    public IPEndPoint Amqp { get; private set; } = null!;

    public static async Task<SoakBroker> StartAsync(
        string folder, Dictionary<string, string> settings, Findings findings)
    {
        var broker = new SoakBroker(folder, settings, findings);
        await broker.StartAsync();
        return broker;
    }

    /// <summary>It has lived since then: nobody has a reason to lose a connection.</summary>
    public bool IsStill(int life) => life % 2 == 1 && life == Life;

    /// <summary>SIGKILL, a look at what was logged, and a new life. The notes are made before the kill.</summary>
    public async Task KillAsync(Action note)
    {
        Interlocked.Increment(ref _life);
        note();
        await _process.KillAsync();
        await EndLifeAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _isOver = true;
        await EndLifeAsync();
    }

    public Task<JsonElement> GetAsync(string path) => _http.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Whether an alarm is on.</summary>
    public async Task<bool> IsAlarmedAsync()
    {
        using var reply = await _http.GetAsync(new Uri("/api/health/checks/alarms", UriKind.Relative));
        return reply.StatusCode == HttpStatusCode.ServiceUnavailable;
    }

    /// <summary>The sum of a metric over its labels.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var text = await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return text.Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal) && l[name.Length] is ' ' or '{')
            .Sum(l => double.Parse(l.AsSpan(l.LastIndexOf(' ')), CultureInfo.InvariantCulture));
    }

    /// <summary>Every warning is a finding, unless it is of a hostile client.</summary>
    public async Task CheckWarningsAsync()
    {
        foreach (var warning in (await GetAsync("/api/warnings")).EnumerateArray().Select(w => w.GetRawText()))
        {
            if (!warning.Contains(HostileClients.Product, StringComparison.Ordinal))
                _findings.Add($"a false alarm: {warning}");
        }
    }

    /// <summary>Resident megabytes, and open descriptors but for the runtime's on its libraries.</summary>
    public (long Megabytes, int Descriptors) Footprint()
    {
        var status = File.ReadLines($"/proc/{_process.Id}/status")
            .First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        var kilobytes = long.Parse(Digits().Match(status).ValueSpan, CultureInfo.InvariantCulture);
        return (kilobytes >> 10, DescriptorTargets().Count());
    }

    /// <summary>What its descriptors are open on, and how many of each.</summary>
    public string Descriptors() => string.Join(", ", DescriptorTargets()
        .CountBy(t => Digits().Replace(t, "#")).OrderByDescending(t => t.Value).Select(t => $"{t.Value} {t.Key}"));

    /// <summary>The last lines that it logged.</summary>
    public IEnumerable<string> LogTail(int lines) => _process.Log.TakeLast(lines);

    private IEnumerable<string> DescriptorTargets() => Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd")
        .Select(fd => new FileInfo(fd).LinkTarget ?? "closed meanwhile")
        .Where(target => !target.EndsWith(".dll", StringComparison.Ordinal));

    private async Task StartAsync()
    {
        _process = await BrokerProcess.StartAsync(_folder, _settings, []);
        Amqp = _process.Amqp;
        _http = new HttpClient { BaseAddress = new Uri($"http://{_process.Http}"), Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("guest:guest")));
        Interlocked.Increment(ref _life);
    }

    private async Task EndLifeAsync()
    {
        foreach (var line in _process.Log.Where(IsWrong))
            _findings.Add($"the broker logged: {line}");
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static bool IsWrong(string line) =>
        Wrong().IsMatch(line) && !line.Contains(HostileClients.Product, StringComparison.Ordinal);

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    // Errors, of which no client of a soak should cause any, and warnings of leaks and churn.
    [GeneratedRegex(@" (ERR|CRT) |\bwarning [a-z]+_[a-z_]+: ")]
    private static partial Regex Wrong();
}
