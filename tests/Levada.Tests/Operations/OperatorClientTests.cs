using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Xunit;
using static System.Net.Http.HttpMethod;

namespace Levada.Tests.Operations;

/// <summary>What RabbitMQ's own .NET client makes of what an operator does.</summary>
public sealed class OperatorClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [LevadaFact]
    public async Task A_channel_that_is_closed_hears_why_and_its_connection_goes_on()
    {
        await using var api = await OperatorApi.StartAsync();
        await using var connection = await ConnectAsync(api);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var closed = NewSource<ShutdownEventArgs>();
        channel.ChannelShutdownAsync += (_, reason) => Tell(closed, reason);
        var name = (await api.ListAsync("/api/channels"))[0].GetProperty("name").GetString()!;
        await api.DoAsync(Delete, $"/api/channels/{Uri.EscapeDataString(name)}", reason: "leaks");
        var heard = await closed.Task.WaitAsync(Patience, Cancelled);
        Assert.Equal((406, "PRECONDITION_FAILED - leaks"), (heard.ReplyCode, heard.ReplyText));
        Assert.True(connection.IsOpen);
        await using var other = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await other.QueueDeclareAsync(cancellationToken: Cancelled);
    }

    [LevadaFact]
    public async Task A_drain_cancels_its_consumer_takes_its_ack_and_closes_it()
    {
        await using var api = await OperatorApi.StartAsync(o => o.DrainQuietTime = TimeSpan.FromMilliseconds(200));
        await using var connection = await ConnectAsync(api);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        var (delivered, cancelled, closed) =
            (NewSource<ulong>(), NewSource<string>(), NewSource<ShutdownEventArgs>());
        connection.ConnectionShutdownAsync += (_, reason) => Tell(closed, reason);
        const string queue = "orders";
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: Cancelled);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) => Tell(delivered, message.DeliveryTag);
        consumer.UnregisteredAsync += (_, args) => Tell(cancelled, args.ConsumerTags[0]);
        var tag = await channel.BasicConsumeAsync(queue, autoAck: false, consumer, Cancelled);
        await channel.BasicPublishAsync("", queue, Encoding.UTF8.GetBytes("one"), Cancelled);
        var delivery = await delivered.Task.WaitAsync(Patience, Cancelled);
        await api.DoAsync(Post, "/api/drain");
        Assert.Equal(tag, await cancelled.Task.WaitAsync(Patience, Cancelled));
        Assert.False(closed.Task.IsCompleted);
        await channel.BasicAckAsync(delivery, multiple: false, Cancelled);
        var heard = await closed.Task.WaitAsync(Patience, Cancelled);
        Assert.Equal(320, heard.ReplyCode);
        await api.DoAsync(Post, "/api/revive");
        await using var again = await ConnectAsync(api);
        await using var looking = await again.CreateChannelAsync(cancellationToken: Cancelled);
        Assert.Equal(0u, await looking.MessageCountAsync(queue, Cancelled));
    }

    private static Task<IConnection> ConnectAsync(OperatorApi api) => new ConnectionFactory
    {
        Uri = new Uri(api.Broker.Uri),
        AutomaticRecoveryEnabled = false,
    }.CreateConnectionAsync(Cancelled);

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static Task Tell<T>(TaskCompletionSource<T> source, T heard)
    {
        source.TrySetResult(heard);
        return Task.CompletedTask;
    }
}
