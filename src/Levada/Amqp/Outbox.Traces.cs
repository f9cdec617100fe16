using Levada.Protocol;
using Levada.Tracing;

namespace Levada.Amqp;

/// <summary>Who watches the connection. If nobody does, it costs a look per frame read and per send.</summary>
internal sealed partial class Outbox
{
    // Written under the lock, replaced as a whole. Null while nobody watches.
    private Trace[]? _traces;

    /// <summary>Somebody watches. Any thread.</summary>
    public bool IsTraced => Volatile.Read(ref _traces) is not null;

    /// <summary>Has a trace record from now on; on a connection that is gone it ends at once.</summary>
    public void AddTrace(Trace trace)
    {
        lock (Lock)
        {
            if (_isClosed)
                trace.End("the connection is closed", isFault: false);
            else
                Volatile.Write(ref _traces, [.. _traces ?? [], trace]);
        }
    }

    public void EndTrace(Trace trace, string because, bool isFault)
    {
        lock (Lock)
        {
            trace.End(because, isFault);
            Trace[] left = [.. (_traces ?? []).Where(t => t != trace)];
            Volatile.Write(ref _traces, left.Length == 0 ? null : left);
        }
    }

    /// <summary>The connection is over.</summary>
    public void EndTraces(string because, bool isFault)
    {
        lock (Lock)
        {
            foreach (var trace in _traces ?? [])
                trace.End(because, isFault);
            Volatile.Write(ref _traces, null);
        }
    }

    /// <summary>A whole frame came from the client, and is about to be handled.</summary>
    public void TraceReceived(ReadOnlySpan<byte> frame)
    {
        lock (Lock)
        {
            foreach (var trace in _traces ?? [])
                trace.Add(frame, isOut: false);
        }
    }

    // What is handed to the socket now. Under the lock.
    private void TraceSent(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            // The protocol header, which refuses a client, is the one thing that is sent and no frame.
            var isFrame = !bytes.StartsWith("AMQP"u8);
            var frame = isFrame ? bytes[..((int)FrameHeader.Read(bytes).Size + Frame.Overhead)] : bytes;
            bytes = bytes[frame.Length..];
            foreach (var trace in _traces ?? [])
                trace.Add(frame, isOut: true);
        }
    }
}
