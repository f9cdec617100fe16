namespace Levada.Amqp;

/// <summary>What lists look at, of many connections and channels: in a turn each, without copies.</summary>
public sealed partial class Connection
{
    /// <summary>Shows the connection as it is; takes its turn, from any thread.</summary>
    public void Visit(Action<ConnectionFigures> look)
    {
        lock (_turn)
            look(new ConnectionFigures(this, Environment.TickCount64));
    }

    /// <summary>Shows its channels as they are, in no order; takes its turn, from any thread.</summary>
    public void VisitChannels(Action<ChannelFigures> look)
    {
        var nowMs = Environment.TickCount64;
        lock (_turn)
        {
            foreach (var channel in _channels.Values)
                look(new ChannelFigures(channel, nowMs));
        }
    }

    /// <summary>Shows one of its channels as it is, if that number is open; takes its turn, from any thread.</summary>
    public void VisitChannel(ushort number, Action<ChannelFigures> look)
    {
        lock (_turn)
        {
            if (_channels.GetValueOrDefault(number) is { } channel)
                look(new ChannelFigures(channel, Environment.TickCount64));
        }
    }

    /// <summary>Shows the consumers of its channels, in no order; takes its turn, from any thread.</summary>
    public void VisitConsumers(Action<ConsumerFigures> look)
    {
        lock (_turn)
        {
            foreach (var channel in _channels.Values)
                channel.VisitConsumers(look);
        }
    }

    internal void AddTo(ExchangeCounts counts)
    {
        lock (_turn)
        {
            foreach (var channel in _channels.Values)
                channel.AddTo(counts);
        }
    }

    // From here on: in a turn.
    internal string StateAt(long nowMs) => StateName(nowMs).Name;

    internal HeldBytes HeldNow => Held();

    internal (MessageCounters Before, TimeSpan Over) RatesAt(MessageCounters counters, long nowMs) =>
        (_rates ??= MessageCounters.RateBase(StartedMs)).Look(counters, nowMs);

    internal long SumOfChannels(Func<Channel, long> figure)
    {
        var sum = 0L;
        foreach (var channel in _channels.Values)
            sum += figure(channel);
        return sum;
    }
}
