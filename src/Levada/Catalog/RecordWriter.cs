using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Levada.Auth;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// Writes the steps of one change as a record's content; <see cref="RecordReader"/> reads them. Numbers are
/// little-endian, texts UTF-8 with a 7-bit coded length, tables as on the wire with a 32-bit length.
/// </summary>
internal sealed partial class RecordWriter
{
    private readonly bool _isKept = true;
    private ArrayBufferWriter<byte>? _content;

    /// <summary>
    /// Takes what is written to it and keeps nothing: while the log is read there is nothing to record.
    /// </summary>
    public static RecordWriter Nowhere { get; } = new(isKept: false);

    public RecordWriter()
    {
    }

    private RecordWriter(bool isKept) => _isKept = isKept;

    public bool IsEmpty => _content is null or { WrittenCount: 0 };

    public ReadOnlySpan<byte> Content => _content is null ? default : _content.WrittenSpan;

    /// <summary>Forgets the steps, to write others.</summary>
    public void Clear() => _content?.ResetWrittenCount();

    public void Durable(ulong number)
    {
        Step(RecordKind.Durable);
        U64(number);
    }

    public void Epoch(uint epoch)
    {
        Step(RecordKind.Epoch);
        U64(epoch);
    }

    /// <summary>Ids below this one may have been given out.</summary>
    public void QueueIds(ulong next)
    {
        Step(RecordKind.QueueIds);
        U64(next);
    }

    public void SetVHost(string name, VHostLimits limits)
    {
        Step(RecordKind.VHostSet);
        Text(name);
        Limit(limits.MaxQueues);
        Limit(limits.MaxConnections);
    }

    public void SetVHostMetadata(string name, VHostMetadata metadata)
    {
        Step(RecordKind.VHostMetadataSet);
        Text(name);
        Table(metadata.ToTable());
    }

    public void RemoveVHost(string name)
    {
        Step(RecordKind.VHostRemoved);
        Text(name);
    }

    public void SetUser(User user)
    {
        Step(RecordKind.UserSet);
        Text(user.Name);
        Text(user.Password?.Algorithm ?? "");
        Text(user.Password?.Text ?? "");
        Count(user.Tags.Length);
        foreach (var tag in user.Tags)
            Text(tag);
        Limit(user.MaxConnections);
        Limit(user.MaxChannels);
        Count(user.Permissions.Count);
        foreach (var (vhost, permissions) in user.Permissions)
        {
            Text(vhost);
            Text(permissions.Configure.Pattern);
            Text(permissions.Write.Pattern);
            Text(permissions.Read.Pattern);
        }

        Count(user.TopicPermissions.Count);
        foreach (var ((vhost, exchange), permissions) in user.TopicPermissions)
        {
            Text(vhost);
            Text(exchange);
            Text(permissions.Write);
            Text(permissions.Read);
        }
    }

    public void RemoveUser(string name)
    {
        Step(RecordKind.UserRemoved);
        Text(name);
    }

    public void AddExchange(Exchange exchange)
    {
        Step(exchange.DelayQueue is null ? RecordKind.ExchangeAdded : RecordKind.DelayedExchangeAdded);
        Text(exchange.VHost);
        Text(exchange.Name);
        Text(exchange.Type.Name());
        Bool(exchange.AutoDelete);
        Bool(exchange.Internal);
        Table(exchange.Arguments);
        if (exchange.DelayQueue is not { } queue)
            return;
        U64(queue.Id.Value);
        I32(queue.Shard.Id.Value);
    }

    public void DelayExchange(Exchange exchange, Queue queue)
    {
        Step(RecordKind.ExchangeDelayed);
        Text(exchange.VHost);
        Text(exchange.Name);
        U64(queue.Id.Value);
        I32(queue.Shard.Id.Value);
    }

    public void RemoveExchange(Exchange exchange)
    {
        Step(RecordKind.ExchangeRemoved);
        Text(exchange.VHost);
        Text(exchange.Name);
    }

    public void AddQueue(Queue queue)
    {
        var isTyped = queue.Type != QueueType.Classic && !queue.Arguments.Contains(QueueArguments.Type);
        Step(isTyped ? RecordKind.TypedQueueAdded : RecordKind.QueueAdded);
        Text(queue.VHost);
        Text(queue.Name);
        U64(queue.Id.Value);
        I32(queue.Shard.Id.Value);
        Bool(queue.AutoDelete);
        Table(queue.Arguments);
        if (isTyped)
            Text(queue.Type.Name());
    }

    public void PauseQueue(Queue queue, bool isPaused)
    {
        Step(RecordKind.QueuePaused);
        Text(queue.VHost);
        Text(queue.Name);
        U64(queue.Id.Value);
        Bool(isPaused);
    }

    public void RemoveQueue(Queue queue)
    {
        Step(RecordKind.QueueRemoved);
        Text(queue.VHost);
        Text(queue.Name);
        U64(queue.Id.Value);
    }

    public void AddBinding(Binding binding)
    {
        Step(RecordKind.BindingAdded);
        Write(binding);
    }

    public void RemoveBinding(Binding binding)
    {
        Step(RecordKind.BindingRemoved);
        Write(binding);
    }

    private void Write(Binding binding)
    {
        Text(binding.Source.VHost);
        Text(binding.Source.Name);
        Bool(binding.Queue is not null);
        Text(binding.DestinationName);
        Bytes(binding.RoutingKeyUtf8);
        Table(binding.Arguments);
    }

    private void Limit(int? limit) => I32(limit ?? -1);

    private void Table(FieldTable table)
    {
        I32(table.EncodedLength);
        Raw(table.ToBytes());
    }

    private void Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    private void Bytes(ReadOnlySpan<byte> octets)
    {
        Count(octets.Length);
        Raw(octets);
    }

    private void Count(int count)
    {
        for (; count >= 0x80; count >>= 7)
            Raw([(byte)(count | 0x80)]);
        Raw([(byte)count]);
    }

    private void Bool(bool value) => Raw([value ? (byte)1 : (byte)0]);

    private void I32(int value)
    {
        Span<byte> octets = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(octets, value);
        Raw(octets);
    }

    private void U64(ulong value)
    {
        Span<byte> octets = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(octets, value);
        Raw(octets);
    }

    private void Step(RecordKind kind) => Raw([(byte)kind]);

    private void Raw(ReadOnlySpan<byte> octets)
    {
        if (_isKept)
            (_content ??= new ArrayBufferWriter<byte>()).Write(octets);
    }
}
