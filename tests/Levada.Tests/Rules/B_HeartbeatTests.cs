using System.Diagnostics;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules B1 to B4, B6 and B7, with intervals as short as the protocol has them.</summary>
public sealed class B_HeartbeatTests(BrokerFixture fixture)
{
    [Fact]
    public void B1_octets_of_a_frame_that_is_not_whole_are_life()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, new Login(Heartbeat: 1));
        var queue = DeclareQueue(connection);
        connection.SendPublishMethod(1, "", queue);
        connection.SendHeader(1, 20);
        connection.Send([Frame.Body, 0, 1, 0, 0, 0, 20]);
        // The server's heartbeats pace the octets: 20 of them take twice as long as a dead peer may live.
        for (var i = 0; i < 12; i++)
        {
            connection.Send("x"u8);
            ExpectHeartbeat(connection);
        }
        connection.Send("xxxxxxxx"u8);
        connection.Send([Frame.End]);
        connection.Send(1, new BasicGet(queue, NoAck: true));
        Assert.Equal(new string('x', 20), connection.ExpectGetOk(1).Text);
    }

    [Fact]
    public void B2_a_heartbeat_is_sent_every_half_interval()
    {
        using var connection = RawConnection.Open(fixture.Broker, new Login(Heartbeat: 2));
        ExpectHeartbeat(connection);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 3; i++)
        {
            connection.SendHeartbeat();
            ExpectHeartbeat(connection);
        }
        Assert.InRange(clock.Elapsed.TotalSeconds, 2.0, 5.9);
    }

    [Fact]
    public void B3_a_peer_that_says_nothing_is_dropped_without_a_frame()
    {
        using var connection = RawConnection.Open(fixture.Broker, new Login(Heartbeat: 1));
        var clock = Stopwatch.StartNew();
        connection.ExpectEnd();
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.9, 4.5); // two to three intervals, and a busy machine
    }

    [LevadaFact]
    public async Task B3_the_log_says_missed_heartbeats_from_client()
    {
        using var connection = RawConnection.Open(fixture.Broker, new Login(Heartbeat: 1));
        var name = connection.Name;
        connection.ExpectEnd();
        await fixture.Broker.Log.WaitForAsync(name, "missed heartbeats from client, timeout: 1s");
    }

    [Fact]
    public void B3_a_client_that_only_sends_heartbeats_lives()
    {
        using var connection = RawConnection.Open(fixture.Broker, new Login(Heartbeat: 1));
        for (var i = 0; i < 10; i++) // five seconds
        {
            connection.SendHeartbeat();
            ExpectHeartbeat(connection);
        }
        connection.OpenChannel(1);
        connection.Close();
    }

    [Fact]
    public void B4_a_heartbeat_on_a_channel_is_505()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendFrame(Frame.Heartbeat, 1, default);
        connection.ExpectConnectionError(505, "UNEXPECTED_FRAME - ", 0);
    }

    [Fact]
    public void B4_a_heartbeat_with_a_payload_is_501()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SendFrame(Frame.Heartbeat, 0, "x"u8);
        connection.ExpectConnectionError(501, "FRAME_ERROR - ", 0);
    }

    [Fact]
    public void B6_heartbeats_go_on_while_deliveries_wait_for_prefetch()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, new Login(Heartbeat: 1));
        var queue = DeclareQueue(connection);
        for (var i = 0; i < 100; i++) connection.Publish(1, "", queue, new byte[1000]);
        connection.Send(1, new BasicQos(0, 1));
        connection.Expect<BasicQosOk>(1);
        connection.Send(1, new BasicConsume(queue, "c"));
        connection.Expect<BasicConsumeOk>(1);
        connection.ExpectDeliver(1);
        for (var i = 0; i < 4; i++)
        {
            connection.SendHeartbeat();
            ExpectHeartbeat(connection);
        }
    }

    [LevadaFact]
    public void B6_heartbeats_go_on_while_the_client_has_stopped_the_flow()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, new Login(Heartbeat: 1));
        var queue = DeclareQueue(connection);
        connection.Send(1, new ChannelFlow(false));
        connection.Expect<ChannelFlowOk>(1);
        connection.Send(1, new BasicConsume(queue, "c", NoAck: true));
        connection.Expect<BasicConsumeOk>(1);
        for (var i = 0; i < 100; i++) connection.Publish(1, "", queue, new byte[1000]);
        for (var i = 0; i < 4; i++)
        {
            connection.SendHeartbeat();
            ExpectHeartbeat(connection);
        }
    }

    [Fact]
    public async Task B7_what_a_dead_peer_had_not_acknowledged_is_redelivered()
    {
        using var observer = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = DeclareQueue(observer);
        using var dead = RawConnection.OpenWithChannel(fixture.Broker, new Login(Heartbeat: 1));
        var name = dead.Name;
        dead.Publish(1, "", queue, "one");
        dead.Send(1, new BasicGet(queue));
        dead.ExpectGetOk(1);
        dead.ExpectEnd();

        observer.Send(1, new BasicConsume(queue, "c", NoAck: true));
        observer.Expect<BasicConsumeOk>(1);
        var again = observer.ExpectDeliver(1);
        Assert.Equal(("one", true), (again.Text, again.Redelivered));
        if (!TestBroker.IsForeign)
            await fixture.Broker.Log.WaitForAsync(name, "missed heartbeats", "user: 'guest'", "vhost: '/'");
    }

    private static string DeclareQueue(RawConnection connection)
    {
        var queue = TestBroker.Name("B");
        connection.Send(1, new QueueDeclare(queue, AutoDelete: true));
        connection.Expect<QueueDeclareOk>(1);
        return queue;
    }

    private static void ExpectHeartbeat(RawConnection connection)
    {
        var frame = connection.TryReceiveAny();
        Assert.Equal(new RawFrame(Frame.Heartbeat, 0, frame?.Payload ?? []), frame);
        Assert.Empty(frame!.Payload);
    }
}
