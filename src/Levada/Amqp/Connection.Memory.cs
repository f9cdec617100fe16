using Levada.Accounting;

namespace Levada.Amqp;

/// <summary>The memory of a connection with all that hangs on it.</summary>
public sealed partial class Connection
{
    // What the runtime keeps for a socket, measured: handle, stream, operations that wait, the state of the reading
    // loop. TLS comes on top, the larger part of it outside of the heap.
    private const int SocketBytes = 3_100;
    private const int TlsBytes = 12_000;

    /// <summary>Adds what it holds. Takes its turn; from any thread.</summary>
    internal void AddTo(ClientMemory memory)
    {
        lock (_turn)
        {
            var held = Held();
            memory.Readers += held.Receive + held.Parked + held.Content;
            memory.Writers += held.Outbox;
            memory.Channels += held.Uncommitted + held.Unsettled;
            memory.Posted += held.Posted;
            memory.Other += OwnBytes;
            foreach (var channel in _channels.Values)
                channel.AddTo(memory);
            memory.LargeReaders += ObjectSize.Large(_buffer.Length);
            memory.LargeWriters += Outbox.HeldInLargeArrays;
        }
    }

    /// <summary>All of its memory: what it holds, its channels and consumers, and itself. On its turn.</summary>
    internal long MemoryBytes => Held().Total + OwnBytes + _channels.Values.Sum(static channel => channel.OwnBytes);

    private long OwnBytes =>
        ObjectSize.Of<Connection>() + Amqp.Outbox.OwnBytes + ObjectSize.Of<MessageCounters>() + SocketBytes
        + (IsTls ? TlsBytes : 0) + (2 * (_transport.Certificate?.Facts?.Length ?? 0))
        + ObjectSize.String(Name) + ObjectSize.String(ClientName)
        + (2 * ClientProperties.EncodedLength) + (ClientProperties.Count * NodeBytes)
        + ObjectSize.Room(_channels) + ObjectSize.Array<ulong>(_everOpened.Length)
        + ObjectSize.Room(_exclusiveQueues) + MessageCounters.BytesOf(_rates);

    // A field of a table: its entry, its key, its value as an object.
    private const int NodeBytes = 96;
}
