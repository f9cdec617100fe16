using System.Buffers.Binary;
using System.Text;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Exchanges;

/// <summary>
/// A way from an exchange to a queue or to another exchange. Two bindings are the same if source, destination, routing
/// key and arguments are; the order of the arguments does not count. Immutable.
/// </summary>
public sealed class Binding
{
    public Binding(Exchange source, Queue queue, byte[] routingKey, FieldTable arguments)
        : this(source, routingKey, arguments) => Queue = queue;

    public Binding(Exchange source, Exchange destination, byte[] routingKey, FieldTable arguments)
        : this(source, routingKey, arguments) => Exchange = destination;

    private Binding(Exchange source, byte[] routingKey, FieldTable arguments)
    {
        Source = source;
        RoutingKeyUtf8 = routingKey;
        Arguments = arguments;
        if (source.RoutingType == ExchangeType.Headers)
            Headers = new HeadersPattern(arguments);
    }

    public Exchange Source { get; }

    /// <summary>The destination, if it is a queue.</summary>
    public Queue? Queue { get; }

    /// <summary>The destination, if it is an exchange.</summary>
    public Exchange? Exchange { get; }

    public byte[] RoutingKeyUtf8 { get; }

    public string RoutingKey => Encoding.UTF8.GetString(RoutingKeyUtf8);

    public FieldTable Arguments { get; }

    /// <summary>A binding outlives a restart if both its ends do.</summary>
    public bool Durable => Source.Durable && (Queue?.Durable ?? Exchange!.Durable);

    public string DestinationName => Queue?.Name ?? Exchange!.Name;

    /// <summary>What a headers exchange compares; null for the other types.</summary>
    internal HeadersPattern? Headers { get; }

    /// <summary>The destination is that of the other one too.</summary>
    internal bool LeadsWhere(Binding other) =>
        ReferenceEquals(Queue, other.Queue) && ReferenceEquals(Exchange, other.Exchange);

    /// <summary>
    /// Queues in the order in which they were declared, then exchanges by name; of one destination by key. The same
    /// after a restart.
    /// </summary>
    internal static int CompareDestinations(Binding a, Binding b)
    {
        var order = (a.Queue is null).CompareTo(b.Queue is null);
        if (order == 0)
        {
            order = a.Queue is not null
                ? a.Queue.Id.Value.CompareTo(b.Queue!.Id.Value)
                : string.CompareOrdinal(a.Exchange!.Name, b.Exchange!.Name);
        }

        return order != 0 ? order : a.RoutingKeyUtf8.AsSpan().SequenceCompareTo(b.RoutingKeyUtf8);
    }

    internal bool IsSameAs(Binding other) =>
        ReferenceEquals(Source, other.Source)
        && ReferenceEquals(Queue, other.Queue)
        && ReferenceEquals(Exchange, other.Exchange)
        && RoutingKeyUtf8.AsSpan().SequenceEqual(other.RoutingKeyUtf8)
        && (ReferenceEquals(Arguments, other.Arguments)
            || SortedArguments().AsSpan().SequenceEqual(other.SortedArguments()));

    /// <summary>Equal bytes for bindings of one vhost that are the same, and for no others.</summary>
    internal byte[] Identity()
    {
        var arguments = SortedArguments();
        var destination = Queue is null ? Exchange!.NameUtf8 : QueueIdBytes(Queue);
        return
        [
            Queue is null ? (byte)1 : (byte)0,
            (byte)Source.NameUtf8.Length, .. Source.NameUtf8,
            (byte)RoutingKeyUtf8.Length, .. RoutingKeyUtf8,
            (byte)destination.Length, .. destination,
            .. arguments,
        ];
    }

    private static byte[] QueueIdBytes(Queue queue)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, queue.Id.Value);
        return bytes;
    }

    private byte[] SortedArguments()
    {
        if (Arguments.Count == 0)
            return [];
        var sorted = new FieldTable();
        foreach (var (key, value) in Arguments.OrderBy(field => field.Key, StringComparer.Ordinal))
            sorted.Add(key, value);
        return sorted.ToBytes();
    }
}
