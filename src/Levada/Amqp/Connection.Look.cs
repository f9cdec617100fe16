using System.Numerics;

namespace Levada.Amqp;

/// <summary>What the looks for warnings see of a connection.</summary>
public sealed partial class Connection
{
    // Channels looked at in one turn: the client waits less than a tenth of a millisecond.
    private const int LooksPerTurn = 1_000;

    /// <summary>An alarm is on, and publishes of this connection wait for its end.</summary>
    internal bool IsBlocked => State == ConnectionState.Running && Volatile.Read(ref _isBlocked);

    /// <summary>
    /// Looks at some channels, from a number on, in one turn; gives the number to go on with, 65,536 when all are seen.
    /// </summary>
    internal int LookAtChannels(int from, long nowMs, long stuckMs, List<ChannelLook> looks)
    {
        lock (_turn)
        {
            if (State != ConnectionState.Running)
                return ushort.MaxValue + 1;
            for (var tried = 0; from / 64 < _everOpened.Length && tried < LooksPerTurn; from++)
            {
                // The numbers of this word that were ever opened, from here on.
                var opened = _everOpened[from / 64] >> (from % 64);
                from += opened == 0 ? 63 - (from % 64) : BitOperations.TrailingZeroCount(opened);
                if (opened == 0)
                    continue;
                tried++;
                if (_channels.TryGetValue((ushort)from, out var channel) && !channel.IsOver)
                    looks.Add(channel.Look(nowMs, stuckMs));
            }
            return from / 64 < _everOpened.Length ? from : ushort.MaxValue + 1;
        }
    }
}
