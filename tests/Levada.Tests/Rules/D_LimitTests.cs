using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>
/// Rules A18, D3, D4, J12 and case N10: each limit with RabbitMQ's text, then its setting, value and use; what goes
/// makes room at once.
/// </summary>
public sealed class D_LimitTests
{
    [LevadaTheory]
    [InlineData("vhost")]
    [InlineData("user")]
    [InlineData("address")]
    public async Task A18_connections_per_vhost_user_and_address(string of)
    {
        await using var broker = await TestBroker.StartAsync(o =>
        {
            o.ConnectionMaxPerVHost = of == "vhost" ? 2 : 0;
            o.ConnectionMaxPerUser = of == "user" ? 2 : 0;
            o.ConnectionMaxPerAddress = of == "address" ? 2 : 0;
        });
        using var first = RawConnection.Open(broker);
        using var second = RawConnection.Open(broker);
        var text = of switch
        {
            "vhost" => "access to vhost '/' refused for user 'guest': connection limit (2) is reached",
            "user" => "connection refused for user 'guest': user connection limit (2) is reached",
            _ => "connection refused: limit of connections from 127.0.0.1 (2) is reached",
        };
        Refused(broker, $"NOT_ALLOWED - {text} (connection_max_per_{of}: 2 of 2 in use)");
        second.Close();
        using var third = RawConnection.Open(broker);
        var limit = broker.Broker.Limits.All.Single(l => l.Key == $"connection_max_per_{of}");
        Assert.Equal(1, limit.Refused);
        Assert.Equal(2, broker.Broker.GetLimits(broker.Broker.TakeSnapshot()).Single(u => u.Limit == limit).Used);
    }

    [LevadaFact]
    public async Task A18_a_users_own_limit_goes_before_the_configured_one()
    {
        await using var broker = await TestBroker.StartAsync(o => o.ConnectionMaxPerUser = o.ChannelMaxPerUser = 5);
        Change(broker, user => user with { MaxConnections = 1, MaxChannels = 2 });
        using var first = RawConnection.OpenWithChannel(broker);
        Refused(
            broker, "NOT_ALLOWED - connection refused for user 'guest': user connection limit (1) is reached "
            + "(max-connections of the user: 1 of 1 in use)");
        first.OpenChannel(2);
        first.Send(3, new ChannelOpen());
        var close = first.ExpectConnectionError(530, "NOT_ALLOWED - ", MethodId.ChannelOpen);
        Assert.Equal(
            "NOT_ALLOWED - number of channels opened for user 'guest' has reached the maximum allowed user limit of 2 "
            + "(max-channels of the user: 2 of 2 in use)",
            close.ReplyText);
        // All of it is back with the end of the connection.
        using var again = RawConnection.OpenWithChannel(broker);
        again.OpenChannel(2);
    }

    [LevadaTheory]
    [InlineData("channel_max_per_node", "on node '{0}' has reached the maximum allowed limit of 3")]
    [InlineData("channel_max_per_vhost", "in vhost '/' has reached the maximum allowed limit of 3")]
    [InlineData("channel_max_per_user", "for user 'guest' has reached the maximum allowed user limit of 3")]
    public async Task D4_channels_per_node_vhost_and_user(string key, string text)
    {
        await using var broker = await TestBroker.StartAsync(o =>
        {
            o.ChannelMaxPerNode = key.EndsWith("node", StringComparison.Ordinal) ? 3 : 0;
            o.ChannelMaxPerVHost = key.EndsWith("vhost", StringComparison.Ordinal) ? 3 : 0;
            o.ChannelMaxPerUser = key.EndsWith("user", StringComparison.Ordinal) ? 3 : 0;
        });
        using var first = RawConnection.OpenWithChannel(broker);
        first.OpenChannel(2);
        for (var i = 0; i < 50; i++)
        {
            // As soon as close-ok was sent there is room again.
            using var second = RawConnection.OpenWithChannel(broker);
            if (i % 2 == 0)
                second.CloseChannel(1);
            else
                second.Close();
        }
        using var third = RawConnection.OpenWithChannel(broker);
        third.Send(2, new ChannelOpen());
        var close = third.ExpectConnectionError(530, "NOT_ALLOWED - ", MethodId.ChannelOpen);
        text = text.Replace("{0}", broker.Broker.NodeName, StringComparison.Ordinal);
        Assert.Equal($"NOT_ALLOWED - number of channels opened {text} ({key}: 3 of 3 in use)", close.ReplyText);
    }

    [LevadaFact]
    public async Task D3_channel_max_tells_whose_limit_it_is()
    {
        await using var broker = await TestBroker.StartAsync(o => o.ChannelMax = 2);
        using var full = RawConnection.OpenWithChannel(broker, new Login(ChannelMax: 2));
        full.OpenChannel(2);
        full.Send(3, new ChannelOpen());
        const string Prefix = "NOT_ALLOWED - number of channels opened ";
        Assert.Equal(
            Prefix + "(2) has reached the negotiated channel_max (2) (channel_max)",
            full.ExpectConnectionError(530, Prefix, MethodId.ChannelOpen).ReplyText);
        using var asked = RawConnection.OpenWithChannel(broker, new Login(ChannelMax: 1));
        asked.Send(2, new ChannelOpen());
        Assert.Equal(
            Prefix + "(1) has reached the negotiated channel_max (1) (the client asked for it; channel_max of the "
            + "broker is 2)",
            asked.ExpectConnectionError(530, Prefix, MethodId.ChannelOpen).ReplyText);
        Assert.Equal(2, broker.Broker.Limits.Channels.Refused);
    }

    [LevadaTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A18_new_connections_a_second_are_bounded_and_the_text_says_when_to_come_back(bool perUser)
    {
        await using var broker = await TestBroker.StartAsync(o =>
        {
            o.ConnectionRatePerUser = perUser ? 3 : 0;
            o.ConnectionRatePerAddress = perUser ? 0 : 3;
        });
        var refused = "";
        // Within a second at most as many again come as were allowed: these are more.
        for (var i = 0; i < 100 && refused.Length == 0; i++)
        {
            using var connection = RawConnection.Connect(broker);
            connection.Handshake(new Login());
            connection.Send(0, new ConnectionOpen("/"));
            if (connection.Receive() is var frame && frame.Is<ConnectionClose>())
                refused = frame.Method<ConnectionClose>().ReplyText;
        }
        var (whose, key) = perUser ? ("for user 'guest'", "user") : ("from 127.0.0.1", "address");
        Assert.StartsWith(
            $"NOT_ALLOWED - connection refused: limit of new connections a second {whose} (3) is reached "
            + $"(connection_rate_per_{key}); try again in ",
            refused, StringComparison.Ordinal);
        var wait = int.Parse(refused.Split("try again in ")[1].Split(' ')[0], null);
        Assert.InRange(wait, 1, 334);
        // Refused ones cost nothing, so there is room in time however often it is tried.
        for (var isIn = false; !isIn;)
        {
            using var connection = RawConnection.Connect(broker);
            connection.Handshake(new Login());
            connection.Send(0, new ConnectionOpen("/"));
            isIn = connection.Receive().Is<ConnectionOpenOk>();
        }
    }

    [LevadaFact]
    public async Task J12_queues_of_a_vhost_without_a_limit_of_its_own()
    {
        await using var broker = await TestBroker.StartAsync(o => o.QueueMaxPerVHost = 1);
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.DeclareQueue(1, "one");
        connection.Send(1, new QueueDeclare("two"));
        connection.ExpectChannelError(
            1, 406, "cannot declare queue 'two': queue limit in vhost '/' (1) is reached (queue_max_per_vhost: 1 of 1 "
            + "in use)", MethodId.QueueDeclare);
        Assert.Equal(1, broker.Broker.Limits.Queues.Refused);
        connection.Delete(1, "one");
        connection.DeclareQueue(1, "two");
    }

    [LevadaFact]
    public async Task A_limit_warns_once_at_four_fifths_and_takes_it_back()
    {
        await using var broker = await TestBroker.StartAsync(o =>
        {
            (o.ChannelMax, o.ChannelMaxPerUser, o.QueueMaxPerVHost, o.ConsumerMaxPerChannel) = (10, 10, 10, 10);
        });
        using var connection = RawConnection.OpenWithChannel(broker, new Login(ChannelMax: 10));
        for (ushort n = 2; n <= 8; n++) connection.OpenChannel(n);
        for (var n = 0; n < 8; n++) connection.DeclareQueue(1, $"q{n}");
        for (var n = 0; n < 8; n++) connection.Consume(1, "q0", $"c{n}");
        await broker.Log.WaitForAsync("limit near: user 'guest' has 8 of 10 channels in use (channel_max_per_user)");
        await broker.Log.WaitForAsync($"limit near: connection {connection.Name}", "8 of 10 channels", "(channel_max)");
        await broker.Log.WaitForAsync("limit near: vhost '/' has 8 of 10 queues in use (queue_max_per_vhost)");
        await broker.Log.WaitForAsync("limit near: channel 1", "8 of 10 consumers", "(consumer_max_per_channel)");
        for (ushort n = 6; n <= 8; n++) connection.CloseChannel(n);
        for (var n = 6; n < 8; n++) connection.Delete(1, $"q{n}");
        for (var n = 6; n < 8; n++) connection.Cancel(1, $"c{n}");
        await broker.Log.WaitForAsync("limit no longer near: user 'guest'", "5 of 10 channels");
        await broker.Log.WaitForAsync($"limit no longer near: connection {connection.Name}", "5 of 10 channels");
        await broker.Log.WaitForAsync("limit no longer near: vhost '/' has 6 of 10 queues");
        await broker.Log.WaitForAsync("limit no longer near: channel 1", "6 of 10 consumers");
        Assert.Equal(4, broker.Log.Lines.Count(l => l.Contains("limit near", StringComparison.Ordinal)));
    }

    [LevadaFact]
    public async Task C15_the_largest_message_is_known_and_what_is_too_large_is_counted()
    {
        await using var broker = await TestBroker.StartAsync(o => o.MaxMessageSize = 1000);
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, new byte[500]);
        connection.Count(1, queue);
        Assert.Equal((500, 0), (broker.Broker.Limits.MessageSize.Peak, broker.Broker.Limits.MessageSize.Refused));
        connection.Publish(1, "", queue, new byte[900]);
        await broker.Log.WaitForAsync("limit near: connection", "published 900 of 1000 octets");
        connection.Publish(1, "", queue, new byte[1001]);
        connection.ExpectChannelError(
            1, 406, "message size 1001 is larger than configured max size 1000 (max_message_size)",
            MethodId.BasicPublish);
        Assert.Equal(1, broker.Broker.Limits.MessageSize.Refused);
    }

    internal static void Change(TestBroker broker, Func<User, User> alter)
    {
        using var done = new ManualResetEventSlim();
        broker.Broker.Catalog.UpdateUser("guest", alter, _ => done.Set());
        Assert.True(done.Wait(RawConnection.Patience), "the user was not changed in time");
    }

    private static void Refused(TestBroker broker, string text)
    {
        using var connection = RawConnection.Connect(broker);
        connection.Handshake(new Login());
        connection.Send(0, new ConnectionOpen("/"));
        var close = connection.ExpectConnectionError(530, "NOT_ALLOWED - ", MethodId.ConnectionOpen);
        Assert.Equal(text, close.ReplyText);
    }
}
