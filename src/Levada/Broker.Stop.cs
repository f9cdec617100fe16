using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>What a stop waits for.</summary>
public sealed partial class Broker
{
    // Bounded: a full disk may take no more for ever.
    private async Task EndForwardingAsync()
    {
        try
        {
            var ended = Task.WhenAll(_shards.Select(static s => s.EndForwardingAsync()));
            await ended.WaitAsync(Options.ShutdownTimeout, Time);
        }
        catch (TimeoutException)
        {
            LogForwardingCut();
        }
    }

    private async Task AllGoneAsync(CancellationToken cancellationToken)
    {
        var deadline = Time.GetTimestamp() + (long)(Options.ShutdownTimeout.TotalSeconds * Time.TimestampFrequency);
        while (Connections.All.Any() && Time.GetTimestamp() < deadline && !cancellationToken.IsCancellationRequested)
            await Task.Delay(10, CancellationToken.None);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "stopped while messages were on their way to other queues: some may be in both")]
    private partial void LogForwardingCut();
}
