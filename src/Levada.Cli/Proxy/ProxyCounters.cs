namespace Levada.Cli.Proxy;

/// <summary>What has happened since the start; every field is added to by any thread.</summary>
internal sealed class ProxyCounters
{
    public Traffic Clients { get; } = new();

    public Traffic Upstream { get; } = new();

    public Count ClientsAccepted { get; } = new();

    public Count ClientsRefused { get; } = new();

    public Count LoginsRefused { get; } = new();

    public Count SlowClients { get; } = new();

    public Count UpstreamOpened { get; } = new();

    public Count UpstreamFailed { get; } = new();

    public Count ChannelsOpened { get; } = new();

    /// <summary>Of those, the ones that were ready and cost no round trip.</summary>
    public Count ChannelsReady { get; } = new();

    public Count ChannelsMoved { get; } = new();

    /// <summary>A number that only grows.</summary>
    public sealed class Count
    {
        private long _value;

        public long Value => Interlocked.Read(ref _value);

        public void Add(long more = 1) => Interlocked.Add(ref _value, more);
    }

    /// <summary>Octets on one side of the proxy.</summary>
    public sealed class Traffic
    {
        public Count In { get; } = new();

        public Count Out { get; } = new();

        public void Received(int octets) => In.Add(octets);

        public void Sent(int octets) => Out.Add(octets);
    }
}
