using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace Levada.Tests.Clients;

/// <summary>RabbitMQ's own .NET client, version 7.</summary>
public sealed class RabbitMqClientTests(BrokerFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly CreateChannelOptions Confirming =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publishes_with_confirms_and_consumes_with_acks()
    {
        const int count = 1000;
        await using var connection = await Connect(fixture.Broker);
        await using var channel = await connection.CreateChannelAsync(Confirming, Cancelled);
        string queue = TestBroker.Name("client"), exchange = TestBroker.Name("client");
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true, cancellationToken: Cancelled);
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancelled);
        await channel.QueueBindAsync(queue, exchange, "order.#", cancellationToken: Cancelled);
        var properties = new BasicProperties
        {
            Persistent = true, ContentType = "text/plain", Headers = new Dictionary<string, object?> { ["n"] = 7 },
        };
        // Each call ends with the confirm of its message; many are under way at a time.
        var publishing = Enumerable.Range(0, count).Select(i => channel.BasicPublishAsync(
            exchange, $"order.{i}", mandatory: true, properties, Body($"{i}"), Cancelled).AsTask());
        await Task.WhenAll(publishing).WaitAsync(Patience, Cancelled);
        Assert.Equal((uint)count, await channel.MessageCountAsync(queue, Cancelled));

        await using var consuming = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await consuming.BasicQosAsync(0, 50, global: false, Cancelled);
        var done = NewSource<List<string>>();
        var seen = new List<string>();
        var consumer = new AsyncEventingBasicConsumer(consuming);
        consumer.ReceivedAsync += async (_, message) =>
        {
            seen.Add(Text(message.Body));
            Assert.Equal(7, message.BasicProperties.Headers!["n"]);
            await consuming.BasicAckAsync(message.DeliveryTag, multiple: false, Cancelled);
            if (seen.Count == count) done.TrySetResult(seen);
        };
        var tag = await consuming.BasicConsumeAsync(queue, autoAck: false, consumer, Cancelled);
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"{i}"), await done.Task.WaitAsync(Patience, Cancelled));
        await consuming.BasicCancelAsync(tag, cancellationToken: Cancelled);
        await consuming.CloseAsync(Cancelled);
        Assert.Equal(0u, await channel.MessageCountAsync(queue, Cancelled));
        Assert.Equal(0u, await channel.QueueDeleteAsync(queue, cancellationToken: Cancelled));
        await channel.ExchangeDeleteAsync(exchange, cancellationToken: Cancelled);
        await connection.CloseAsync(Cancelled);
    }

    [Fact]
    public async Task Hears_of_a_message_that_nobody_takes()
    {
        await using var connection = await Connect(fixture.Broker);
        await using var channel = await connection.CreateChannelAsync(Confirming, Cancelled);
        var codes = new List<int>();
        channel.BasicReturnAsync += (_, returned) =>
        {
            codes.Add(returned.ReplyCode);
            return Task.CompletedTask;
        };
        var error = await Assert.ThrowsAsync<PublishException>(async () => await channel.BasicPublishAsync(
            "", TestBroker.Name("nowhere"), mandatory: true, Body("lost"), Cancelled));
        Assert.True(error.IsReturn);
        Assert.Equal([312], codes);
    }

    [Fact]
    public async Task An_error_closes_one_channel_and_the_connection_goes_on()
    {
        await using var connection = await Connect(fixture.Broker);
        await using var bystander = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var queue = (await bystander.QueueDeclareAsync(cancellationToken: Cancelled)).QueueName;

        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled))
        {
            var error = await Assert.ThrowsAsync<OperationInterruptedException>(
                () => channel.QueueDeclarePassiveAsync("not-there", Cancelled));
            Assert.Equal(404, error.ShutdownReason!.ReplyCode);
            Assert.StartsWith(
                "NOT_FOUND - no queue 'not-there' in vhost '/'", error.ShutdownReason.ReplyText,
                StringComparison.Ordinal);
            Assert.Equal((50, 10), (error.ShutdownReason.ClassId, error.ShutdownReason.MethodId));
            Assert.False(channel.IsOpen);
            await Assert.ThrowsAsync<AlreadyClosedException>(() => channel.QueueDeclarePassiveAsync(queue, Cancelled));
        }
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled))
        {
            var closed = NewSource<ShutdownEventArgs>();
            channel.ChannelShutdownAsync += (_, reason) =>
            {
                closed.TrySetResult(reason);
                return Task.CompletedTask;
            };
            await channel.BasicAckAsync(5, multiple: false, Cancelled);
            var reason = await closed.Task.WaitAsync(Patience, Cancelled);
            Assert.Equal(406, reason.ReplyCode);
            Assert.StartsWith(
                "PRECONDITION_FAILED - unknown delivery tag 5", reason.ReplyText, StringComparison.Ordinal);
        }
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled))
            Assert.Equal(queue, (await channel.QueueDeclarePassiveAsync(queue, Cancelled)).QueueName);
        Assert.True(bystander.IsOpen);
    }

    [Fact]
    public async Task Hears_that_its_queue_was_deleted()
    {
        await using var connection = await Connect(fixture.Broker);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await using var deleting = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var queue = (await channel.QueueDeclareAsync(cancellationToken: Cancelled)).QueueName;
        var cancelled = NewSource<string>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.UnregisteredAsync += (_, args) =>
        {
            cancelled.TrySetResult(args.ConsumerTags[0]);
            return Task.CompletedTask;
        };
        var tag = await channel.BasicConsumeAsync(queue, autoAck: true, consumer, Cancelled);
        await deleting.QueueDeleteAsync(queue, cancellationToken: Cancelled);
        Assert.Equal(tag, await cancelled.Task.WaitAsync(Patience, Cancelled));
    }

    [Fact]
    public async Task Moves_messages_in_transactions()
    {
        await using var connection = await Connect(fixture.Broker);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var queue = (await channel.QueueDeclareAsync(cancellationToken: Cancelled)).QueueName;
        await channel.TxSelectAsync(Cancelled);
        await channel.BasicPublishAsync("", queue, Body("rolled back"), Cancelled);
        await channel.TxRollbackAsync(Cancelled);
        await channel.BasicPublishAsync("", queue, Body("committed"), Cancelled);
        await channel.TxCommitAsync(Cancelled);
        Assert.Equal("committed", Text((await channel.BasicGetAsync(queue, autoAck: true, Cancelled))!.Body));
        Assert.Null(await channel.BasicGetAsync(queue, autoAck: true, Cancelled));
    }

    [Fact]
    public async Task Asks_and_is_answered_directly()
    {
        await using var connection = await Connect(fixture.Broker);
        await using var client = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await using var server = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var requests = (await server.QueueDeclareAsync(cancellationToken: Cancelled)).QueueName;
        var serving = new AsyncEventingBasicConsumer(server);
        serving.ReceivedAsync += async (_, request) => await server.BasicPublishAsync(
            "", request.BasicProperties.ReplyTo!, Body("answer to " + Text(request.Body)), Cancelled);
        await server.BasicConsumeAsync(requests, autoAck: true, serving, Cancelled);

        var answered = NewSource<string>();
        var replies = new AsyncEventingBasicConsumer(client);
        replies.ReceivedAsync += (_, reply) =>
        {
            answered.TrySetResult(Text(reply.Body));
            return Task.CompletedTask;
        };
        await client.BasicConsumeAsync("amq.rabbitmq.reply-to", autoAck: true, replies, Cancelled);
        var properties = new BasicProperties { ReplyTo = "amq.rabbitmq.reply-to" };
        await client.BasicPublishAsync("", requests, mandatory: true, properties, Body("question"), Cancelled);
        Assert.Equal("answer to question", await answered.Task.WaitAsync(Patience, Cancelled));
    }

    [Fact]
    public async Task Is_told_that_its_password_is_wrong()
    {
        var factory = new ConnectionFactory { Uri = new Uri(fixture.Broker.Uri), Password = "wrong" };
        var unreachable = await Assert.ThrowsAsync<BrokerUnreachableException>(
            () => factory.CreateConnectionAsync(Cancelled));
        var refused = Assert.IsType<AuthenticationFailureException>(unreachable.InnerException, exactMatch: false);
        Assert.Contains("ACCESS_REFUSED - Login was refused", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recovers_connection_topology_and_consumers_after_a_restart()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        await using var connection = await Connect(broker);
        await using var channel = await connection.CreateChannelAsync(Confirming, Cancelled);
        await channel.QueueDeclareAsync(
            "kept", durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancelled);
        // Gone with the connection: the client declares and binds it again under a new name.
        var volatileQueue = (await channel.QueueDeclareAsync(cancellationToken: Cancelled)).QueueName;
        await channel.QueueBindAsync(volatileQueue, "amq.topic", "news.#", cancellationToken: Cancelled);
        var news = NewSource<string>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            news.TrySetResult(Text(message.Body));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(volatileQueue, autoAck: true, consumer, Cancelled);
        for (var i = 0; i < 20; i++)
            await channel.BasicPublishAsync(
                "", "kept", true, new BasicProperties { Persistent = true }, Body($"{i}"), Cancelled);

        var lost = NewSource<ShutdownEventArgs>();
        connection.ConnectionShutdownAsync += (_, reason) =>
        {
            lost.TrySetResult(reason);
            return Task.CompletedTask;
        };
        var recovered = NewSource<bool>();
        connection.RecoverySucceededAsync += (_, _) =>
        {
            recovered.TrySetResult(true);
            return Task.CompletedTask;
        };
        await broker.StopAsync();
        Assert.Equal(320, (await lost.Task.WaitAsync(Patience, Cancelled)).ReplyCode);
        await broker.StartAgainAsync();
        await recovered.Task.WaitAsync(Patience, Cancelled);

        await channel.BasicPublishAsync("amq.topic", "news.today", Body("back again"), Cancelled);
        Assert.Equal("back again", await news.Task.WaitAsync(Patience, Cancelled));
        for (var i = 0; i < 20; i++)
            Assert.Equal($"{i}", Text((await channel.BasicGetAsync("kept", autoAck: true, Cancelled))!.Body));
        Assert.Null(await channel.BasicGetAsync("kept", autoAck: true, Cancelled));
    }

    private static Task<IConnection> Connect(TestBroker broker) => new ConnectionFactory
    {
        Uri = new Uri(broker.Uri),
        NetworkRecoveryInterval = TimeSpan.FromMilliseconds(50),
    }.CreateConnectionAsync("client tests", Cancelled);

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static byte[] Body(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span);
}
