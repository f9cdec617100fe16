namespace Levada.Amqp;

/// <summary>What all connections of the broker are at, added up one connection's turn after the other.</summary>
public sealed class NodeSnapshot
{
    private readonly SortedDictionary<string, int> _connections = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _channels = new(StringComparer.Ordinal);

    /// <summary>Connections by their state; those in their handshake too.</summary>
    public IReadOnlyDictionary<string, int> ConnectionsByState => _connections;

    public IReadOnlyDictionary<string, int> ChannelsByState => _channels;

    /// <summary>The sum of what the connections hold.</summary>
    public HeldBytes Held { get; internal set; }

    /// <summary>The channels of the connection with the most.</summary>
    public int MostChannels { get; private set; }

    /// <summary>The consumers of the channel with the most.</summary>
    public int MostConsumers { get; private set; }

    internal void CountConnection(string state, int channels)
    {
        _connections[state] = _connections.GetValueOrDefault(state) + 1;
        MostChannels = Math.Max(MostChannels, channels);
    }

    internal void CountChannel(string state, int consumers)
    {
        _channels[state] = _channels.GetValueOrDefault(state) + 1;
        MostConsumers = Math.Max(MostConsumers, consumers);
    }
}
