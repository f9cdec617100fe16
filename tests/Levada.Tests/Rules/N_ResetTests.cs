using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Case N14: connections that die in the middle of a publish leave nothing behind.</summary>
public sealed class N_ResetTests
{
    [LevadaFact]
    public async Task N14_two_hundred_connections_reset_in_the_middle_of_a_publish_leave_no_ghosts()
    {
        const int Connections = 200;
        await using var broker = await TestBroker.StartAsync();
        using var observer = RawConnection.OpenWithChannel(broker);
        observer.Send(1, new QueueDeclare("shared"));
        observer.Expect<QueueDeclareOk>(1);
        for (var i = 0; i < Connections * 3; i++) observer.Publish(1, "", "shared", $"{i}");
        var dying = new List<RawConnection>();
        for (var i = 0; i < Connections; i++)
        {
            var connection = RawConnection.OpenWithChannel(broker);
            connection.OpenChannel(2);
            connection.Send(1, new QueueDeclare($"exclusive-{i}", Exclusive: true));
            connection.Expect<QueueDeclareOk>(1);
            connection.Send(1, new QueueDeclare($"auto-delete-{i}", AutoDelete: true));
            connection.Expect<QueueDeclareOk>(1);
            connection.Send(1, new BasicConsume($"auto-delete-{i}", "a"));
            connection.Expect<BasicConsumeOk>(1);
            connection.Send(2, new BasicQos(0, 3));
            connection.Expect<BasicQosOk>(2);
            connection.Send(2, new BasicConsume("shared", "s"));
            connection.Expect<BasicConsumeOk>(2);
            for (var m = 0; m < 3; m++) connection.ExpectDeliver(2);
            dying.Add(connection);
        }
        await broker.UntilAsync(o => o is { Queues: (Connections * 2) + 1, MessagesUnacked: Connections * 3 });
        for (var i = 0; i < Connections; i++)
        {
            var connection = dying[i];
            connection.InOneWrite(() =>
            {
                for (var m = 0; m < 50; m++) connection.Publish(1, "", $"exclusive-{i}", new byte[500]);
                connection.SendPublishMethod(1, "", "shared");
                connection.SendHeader(1, 1000);
                connection.SendBody(1, new byte[400]);
                if (i % 2 == 0) connection.Send([Frame.Body, 0, 1, 0, 0, 2, 88, 1, 2, 3]);
            });
            connection.Reset();
        }
        await broker.UntilAsync(o => o is
        {
            Connections: 1, Channels: 1, Consumers: 0, Queues: 1, MessagesUnacked: 0, MessagesReady: Connections * 3,
        });
        var texts = D_ChannelCloseTests.TakeAll(observer, 1, "shared");
        Assert.Equal(Enumerable.Range(0, Connections * 3).Select(i => $"{i}"), texts);
    }
}
