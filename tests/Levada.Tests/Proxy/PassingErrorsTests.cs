using System.Net;
using System.Net.Sockets;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Proxy;

/// <summary>The broker's errors reach whom they concern, and nobody else.</summary>
public sealed class PassingErrorsTests
{
    [LevadaFact]
    public async Task A_refused_login_has_the_brokers_words_even_while_others_are_in()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var inside = proxy.OpenWithChannel();
        using var refused = proxy.Connect();
        refused.SendStartOk(new Login(Password: "wrong"));
        refused.ExpectConnectionError(ReplyCode.AccessRefused, "ACCESS_REFUSED - Login was refused", 0);
        using var silent = proxy.Connect();
        silent.SendStartOk(new Login(Password: "wrong") { ClientProperties = Login.Properties() });
        silent.ExpectEnd();
        Assert.Equal(2, proxy.Server.Counters.LoginsRefused.Value);
        inside.NewSharedQueue(1);
    }

    [LevadaFact]
    public async Task A_missing_virtual_host_has_the_brokers_words()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var client = proxy.Connect();
        client.Handshake(new Login());
        client.Send(0, new ConnectionOpen("nope"));
        client.ExpectConnectionError(
            ReplyCode.NotAllowed, "NOT_ALLOWED - vhost nope not found", MethodId.ConnectionOpen);
        proxy.Open().Close();
    }

    [LevadaFact]
    public async Task A_channel_error_closes_that_channel_only()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var neighbour = proxy.OpenWithChannel();
        using var client = proxy.OpenWithChannel();
        client.OpenChannel(2);
        client.Send(1, new QueueDeclare("missing", Passive: true));
        client.ExpectChannelError(1, ReplyCode.NotFound, "no queue 'missing'", MethodId.QueueDeclare);
        client.Publish(2, "missing", "", "x");
        client.ExpectChannelError(2, ReplyCode.NotFound, "no exchange 'missing'", MethodId.BasicPublish);
        client.NewSharedQueue(1);
        neighbour.NewSharedQueue(1);
        Assert.Equal(1, proxy.UpstreamOpened);
    }

    [LevadaFact]
    public async Task A_late_error_is_told_to_who_closes_the_channel()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var client = proxy.OpenWithChannel();
        client.InOneWrite(() =>
        {
            client.Publish(1, "missing", "", "x");
            client.Send(1, new ChannelClose(200, "bye", 0, 0));
        });
        client.ExpectChannelClose(1, ReplyCode.NotFound, "NOT_FOUND - no exchange 'missing'", MethodId.BasicPublish);
        client.Expect<ChannelCloseOk>(1);
        client.Send(1, default(ChannelCloseOk));
        client.OpenChannel(1);
        client.Close();
    }

    public static TheoryData<byte[], ushort> Mistakes => new()
    {
        { Octets(c => c.SendFrame(9, 1, [])), ReplyCode.FrameError },
        { Octets(c => c.SendMethod(1, 0x00FF00FF, [])), ReplyCode.CommandInvalid },
        { Octets(c => c.SendMethod(1, MethodId.QueueDeclare, [1])), ReplyCode.SyntaxError },
        { Octets(c => c.SendBody(1, "x"u8)), ReplyCode.UnexpectedFrame },
        { Octets(c => c.Send(1, default(ChannelOpen))), ReplyCode.ChannelError },
        { Octets(c => c.Send(7, new BasicQos(0, 1))), ReplyCode.ChannelError },
        { Octets(c => c.SendFrame(1, 1, [0, 0, 0, 0], 0x00)), ReplyCode.FrameError },
        { Octets(c => Twice(() => c.SendPublishMethod(1, "", "q"))), ReplyCode.UnexpectedFrame },
    };

    [LevadaTheory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_ends_its_client_and_never_reaches_the_shared_connection(byte[] octets, ushort code)
    {
        await using var proxy = await TestProxy.StartAsync();
        using var neighbour = proxy.OpenWithChannel();
        using var client = proxy.OpenWithChannel();
        client.Send(octets);
        var close = client.Expect<ConnectionClose>(0);
        Assert.Equal(code, close.ReplyCode);
        client.Send(0, default(ConnectionCloseOk));
        client.Socket.Shutdown(SocketShutdown.Send);
        client.ExpectEnd();
        neighbour.NewSharedQueue(1);
        Assert.Equal(1, proxy.UpstreamOpened);
    }

    [LevadaFact]
    public async Task An_error_that_ends_the_brokers_connection_ends_no_other_client()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var neighbour = proxy.OpenWithChannel();
        using var client = proxy.OpenWithChannel();
        var queue = neighbour.NewSharedQueue(1);
        client.Consume(1, queue, "tag");
        client.Send(1, new BasicConsume(queue, "tag"));
        client.ExpectConnectionError(ReplyCode.NotAllowed, "NOT_ALLOWED", MethodId.BasicConsume);
        neighbour.NewSharedQueue(1);
    }

    [LevadaFact]
    public async Task The_brokers_end_is_told_to_its_clients_and_new_ones_come_in_after_its_start()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var before = proxy.OpenWithChannel();
        var closed = Task.Run(
            () => before.ExpectConnectionError(ReplyCode.ConnectionForced, "CONNECTION_FORCED", 0),
            TestContext.Current.CancellationToken);
        await proxy.Broker.StopAsync();
        await closed;
        using (var meanwhile = proxy.Connect())
        {
            meanwhile.SendStartOk(new Login());
            meanwhile.ExpectConnectionError(
                ReplyCode.ConnectionForced, "CONNECTION_FORCED - the proxy cannot reach", 0);
        }
        await proxy.Broker.StartAgainAsync();
        using var after = proxy.OpenWithChannel();
        after.NewSharedQueue(1);
    }

    [LevadaFact]
    public async Task Blocked_and_unblocked_are_passed_to_those_who_asked()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var publisher = proxy.OpenWithChannel();
        using var uninterested = proxy.OpenWithChannel(new Login { ClientProperties = Login.Properties() });
        publisher.SelectConfirms(1);
        await proxy.Broker.RaiseDiskAlarmAsync();
        publisher.Publish(1, "", "nowhere", "one");
        Assert.StartsWith("low on disk", publisher.Expect<ConnectionBlocked>(0).Reason, StringComparison.Ordinal);
        await proxy.Broker.ClearDiskAlarmAsync();
        publisher.Expect<ConnectionUnblocked>(0);
        publisher.ExpectConfirms(1, 1);
        uninterested.CloseChannel(1);
    }

    [LevadaFact]
    public async Task Another_protocol_is_answered_with_ours()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var client = proxy.Connect();
        client.Send("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.Equal(Frame.ProtocolHeader.ToArray(), client.ReceiveOctets(8));
        client.ExpectEnd();
    }

    private static void Twice(Action send)
    {
        send();
        send();
    }

    // What a client would send, taken from a connection to nobody.
    private static byte[] Octets(Action<RawConnection> send)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var writer = RawConnection.Connect(listener.LocalEndpoint);
        using var reader = listener.AcceptTcpClient();
        writer.InOneWrite(() => send(writer));
        writer.Socket.Shutdown(SocketShutdown.Send);
        using var octets = new MemoryStream();
        reader.GetStream().CopyTo(octets);
        return octets.ToArray();
    }
}
