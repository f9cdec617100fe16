using Levada.Amqp;

namespace Levada.Warnings;

/// <summary>What one look has found among the channels of one connection.</summary>
internal sealed class ConnectionTally
{
    private const int NumbersShown = 5;

    private readonly List<ushort> _unusedNumbers = [];

    public int Channels { get; private set; }

    /// <summary>Those that hold nothing and were of no use for the leak's time.</summary>
    public int LeftOver { get; private set; }

    public int Unused { get; private set; }

    /// <summary>How long the one that is longest unused has been.</summary>
    public long UnusedMs { get; private set; }

    public bool Consumes { get; private set; }

    /// <summary>The first few numbers of unused ones.</summary>
    public string UnusedNumbers => string.Join(", ", _unusedNumbers) + (Unused > NumbersShown ? ", ..." : "");

    public void Clear()
    {
        Channels = LeftOver = Unused = 0;
        UnusedMs = 0;
        Consumes = false;
        _unusedNumbers.Clear();
    }

    public void Add(in ChannelLook look, WarningOptions options)
    {
        Channels++;
        Consumes |= look.Channel.ConsumerCount > 0;
        if (look.IsIdle && look.QuietMs >= options.ChannelLeakTime.TotalMilliseconds)
            LeftOver++;
        if (!look.IsUnused || look.QuietMs < options.IdleChannelsTime.TotalMilliseconds)
            return;
        Unused++;
        UnusedMs = Math.Max(UnusedMs, look.QuietMs);
        if (_unusedNumbers.Count < NumbersShown)
            _unusedNumbers.Add(look.Channel.Number);
    }
}
