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
internal sealed class RecordWriter
{
    private MemoryStream? _content;
    private BinaryWriter? _writer;

    public bool IsEmpty => _content is null;

    public ReadOnlyMemory<byte> Content =>
        _content is null ? default : _content.GetBuffer().AsMemory(0, (int)_content.Length);

    public void Epoch(ulong epoch) => Step(RecordKind.Epoch).Write(epoch);

    /// <summary>Ids below this one may have been given out.</summary>
    public void QueueIds(ulong next) => Step(RecordKind.QueueIds).Write(next);

    public void SetVHost(string name, VHostLimits limits)
    {
        var to = Step(RecordKind.VHostSet);
        to.Write(name);
        Write(to, limits.MaxQueues);
        Write(to, limits.MaxConnections);
    }

    public void RemoveVHost(string name) => Step(RecordKind.VHostRemoved).Write(name);

    public void SetUser(User user)
    {
        var to = Step(RecordKind.UserSet);
        to.Write(user.Name);
        to.Write(user.Password?.Algorithm ?? "");
        to.Write(user.Password?.Base64 ?? "");
        to.Write7BitEncodedInt(user.Tags.Length);
        foreach (var tag in user.Tags)
            to.Write(tag);
        Write(to, user.MaxConnections);
        Write(to, user.MaxChannels);
        to.Write7BitEncodedInt(user.Permissions.Count);
        foreach (var (vhost, permissions) in user.Permissions)
        {
            to.Write(vhost);
            to.Write(permissions.Configure.Pattern);
            to.Write(permissions.Write.Pattern);
            to.Write(permissions.Read.Pattern);
        }

        to.Write7BitEncodedInt(user.TopicPermissions.Count);
        foreach (var ((vhost, exchange), permissions) in user.TopicPermissions)
        {
            to.Write(vhost);
            to.Write(exchange);
            to.Write(permissions.Write);
            to.Write(permissions.Read);
        }
    }

    public void RemoveUser(string name) => Step(RecordKind.UserRemoved).Write(name);

    public void AddExchange(Exchange exchange)
    {
        var to = Step(RecordKind.ExchangeAdded);
        to.Write(exchange.VHost);
        to.Write(exchange.Name);
        to.Write(exchange.Type.Name());
        to.Write(exchange.AutoDelete);
        to.Write(exchange.Internal);
        Write(to, exchange.Arguments);
    }

    public void RemoveExchange(Exchange exchange)
    {
        var to = Step(RecordKind.ExchangeRemoved);
        to.Write(exchange.VHost);
        to.Write(exchange.Name);
    }

    public void AddQueue(Queue queue)
    {
        var to = Step(RecordKind.QueueAdded);
        to.Write(queue.VHost);
        to.Write(queue.Name);
        to.Write(queue.Id.Value);
        to.Write(queue.Shard.Id.Value);
        to.Write(queue.AutoDelete);
        Write(to, queue.Arguments);
    }

    public void RemoveQueue(Queue queue)
    {
        var to = Step(RecordKind.QueueRemoved);
        to.Write(queue.VHost);
        to.Write(queue.Name);
        to.Write(queue.Id.Value);
    }

    public void AddBinding(Binding binding) => Write(Step(RecordKind.BindingAdded), binding);

    public void RemoveBinding(Binding binding) => Write(Step(RecordKind.BindingRemoved), binding);

    private static void Write(BinaryWriter to, Binding binding)
    {
        to.Write(binding.Source.VHost);
        to.Write(binding.Source.Name);
        to.Write(binding.Queue is not null);
        to.Write(binding.DestinationName);
        to.Write7BitEncodedInt(binding.RoutingKeyUtf8.Length);
        to.Write(binding.RoutingKeyUtf8);
        Write(to, binding.Arguments);
    }

    private static void Write(BinaryWriter to, int? limit) => to.Write(limit ?? -1);

    private static void Write(BinaryWriter to, FieldTable table)
    {
        var bytes = table.ToBytes();
        to.Write(bytes.Length);
        to.Write(bytes);
    }

    private BinaryWriter Step(RecordKind kind)
    {
        _content ??= new MemoryStream();
        _writer ??= new BinaryWriter(_content, Encoding.UTF8);
        _writer.Write((byte)kind);
        return _writer;
    }
}
