using System.Text;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Events;

/// <summary>
/// Copies of the messages of a virtual host, for whoever wants to see all that passes (RabbitMQ's firehose): made when
/// a message is published and when it is handed to a client, under the keys <c>publish.EXCHANGE</c> and
/// <c>deliver.QUEUE</c>, with what there is to say of it in the headers.
/// </summary>
internal static class Firehose
{
    public const string ExchangeName = "amq.rabbitmq.trace";

    public static ReadOnlySpan<byte> ExchangeNameUtf8 => "amq.rabbitmq.trace"u8;

    /// <summary>A message that was published.</summary>
    /// <param name="trace">The exchange of the copies.</param>
    /// <param name="client">Who published it.</param>
    /// <param name="message">Its head.</param>
    /// <param name="body">Its body, or the number of its file.</param>
    /// <param name="file">Held for the copy; null if the body is no file.</param>
    /// <param name="queues">Where it goes.</param>
    /// <param name="nowMs">In milliseconds since 1970.</param>
    public static InternalMessage Published(
        Exchange trace, in FirehoseClient client, scoped StoredMessage message, ReadOnlySpan<byte> body,
        BodyFile? file, ReadOnlySpan<Queue> queues, long nowMs)
    {
        var headers = About(message, client);
        AddClient(headers, client);
        var names = new List<FieldValue>(queues.Length);
        foreach (var queue in queues)
        {
            if (!queue.IsDelayQueue)
                names.Add(FieldValue.String(queue.NameUtf8));
        }
        headers.Add("routed_queues", FieldValue.Array([.. names]));
        return Copy(trace, "publish.", message.Exchange, headers, message, body, file, nowMs);
    }

    /// <summary>A message that a consumer or a basic.get was given.</summary>
    /// <param name="trace">The exchange of the copies.</param>
    /// <param name="client">Who got it.</param>
    /// <param name="message">The whole message.</param>
    /// <param name="file">Held for the copy; null if the body is no file.</param>
    /// <param name="queue">Where it was.</param>
    /// <param name="redelivered">The flag that it went out with.</param>
    public static InternalMessage Delivered(
        Exchange trace, in FirehoseClient client, scoped StoredMessage message, BodyFile? file, Queue queue,
        bool redelivered)
    {
        var headers = About(message, client);
        headers.Add("redelivered", redelivered ? 1 : 0);
        AddClient(headers, client);
        return Copy(trace, "deliver.", queue.NameUtf8, headers, message, message.Body, file, queue.Shard.NowMs);
    }

    private static InternalMessage Copy(
        Exchange trace, string prefix, ReadOnlySpan<byte> name, FieldTable headers, scoped StoredMessage message,
        ReadOnlySpan<byte> body, BodyFile? file, long nowMs) =>
        InternalMessage.Of(
            trace, prefix + Encoding.UTF8.GetString(name), nowMs,
            new BasicProperties { Headers = headers }, body, message.BodyField, file);

    private static FieldTable About(scoped StoredMessage message, in FirehoseClient client)
    {
        BasicProperties.TryDecode(message.Properties, out var properties);
        return new FieldTable()
            .Add("exchange_name", FieldValue.String(message.Exchange))
            .Add("routing_keys", KeysOf(message))
            .Add("properties", TableOf(properties))
            .Add("node", client.Node);
    }

    private static void AddClient(FieldTable headers, in FirehoseClient client) => headers
        .Add("vhost", client.VHost)
        .Add("connection", client.Connection)
        .Add("channel", client.Channel)
        .Add("user", client.User);

    private static FieldValue KeysOf(scoped StoredMessage message)
    {
        var keys = new List<FieldValue> { FieldValue.String(message.RoutingKey) };
        BasicPropertiesReader.TryRead(message.Properties, out var properties);
        for (var copies = new CarbonCopies(properties.HeadersBytes); copies.MoveNext();)
            keys.Add(FieldValue.String(copies.Current));
        return FieldValue.Array([.. keys]);
    }

    // By RabbitMQ's names, in its order.
    private static FieldTable TableOf(BasicProperties properties)
    {
        var table = new FieldTable();
        AddText("cluster_id", properties.ClusterId);
        AddText("app_id", properties.AppId);
        AddText("user_id", properties.UserId);
        AddText("type", properties.Type);
        if (properties.Timestamp is { } timestamp)
            AddNumber("timestamp", (long)timestamp);
        AddText("message_id", properties.MessageId);
        AddText("expiration", properties.Expiration);
        AddText("reply_to", properties.ReplyTo);
        AddText("correlation_id", properties.CorrelationId);
        if (properties.Priority is { } priority)
            AddNumber("priority", priority);
        if (properties.DeliveryMode is { } mode)
            AddNumber("delivery_mode", mode);
        if (properties.Headers is { } headers)
            table.Add("headers", headers);
        AddText("content_encoding", properties.ContentEncoding);
        AddText("content_type", properties.ContentType);
        return table;

        void AddText(string name, string? value)
        {
            if (value is not null)
                table.Add(name, value);
        }

        void AddNumber(string name, long value)
        {
            if (value is >= int.MinValue and <= int.MaxValue)
                table.Add(name, (int)value);
            else
                table.Add(name, value);
        }
    }
}
