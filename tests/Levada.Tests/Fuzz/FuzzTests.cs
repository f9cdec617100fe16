using System.Globalization;
using System.Net.Sockets;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Fuzz;

/// <summary>
/// Case N16: whatever a client sends, it gets frames that are well-formed and errors that are the client's, and the
/// broker lives. LEVADA_FUZZ_SECONDS and LEVADA_FUZZ_SEED ask for more, or for one again.
/// </summary>
public sealed class FuzzTests
{
    private static readonly ushort[] ClientsFaults = [403, 404, 405, 406, 501, 503, 504, 505, 530, 540];

    private readonly Dictionary<ushort, int> _answers = [];

    [LevadaFact]
    public async Task N16_any_frames_at_all_get_none_but_the_clients_own_errors_and_the_broker_lives()
    {
        var seed = Setting("LEVADA_FUZZ_SEED", 1);
        var until = DateTime.UtcNow + TimeSpan.FromSeconds(Setting("LEVADA_FUZZ_SECONDS", 8));
        await using var broker = await TestBroker.StartAsync(o =>
        {
            o.MaxMessageSize = 100_000;
            // A new secret may come by chance, and be wrong; logins that follow are not to wait for it.
            o.LoginDelay = TimeSpan.Zero;
        });
        using var healthy = RawConnection.OpenWithChannel(broker);
        var sessions = 0;
        for (; DateTime.UtcNow < until || sessions < 50; sessions++, seed++)
        {
            try
            {
                Session(broker, new Random(seed));
                C_FrameTests.RoundTrip(healthy, 1, "alive");
                Assert.DoesNotContain(broker.Log.Lines, l => l.StartsWith("Critical", StringComparison.Ordinal));
                if (sessions % 50 == 0) broker.Log.Clear();
            }
            catch (Exception e)
            {
                var log = string.Join('\n', broker.Log.Lines.TakeLast(10));
                throw new AmqpExpectationException($"with LEVADA_FUZZ_SEED={seed}: {e.Message}\n{log}", e);
            }
        }
        await broker.UntilAsync(o => o is { Connections: 1, Channels: 1 });
        // A fuzzer that only ever meets one error has tried nothing.
        foreach (var code in (ushort[])[404, 406, 501, 503, 504, 505, 540])
            Assert.True(_answers.GetValueOrDefault(code) > 0, $"{code} never came in {sessions} sessions");
        var answers = _answers.OrderBy(a => a.Key).Select(a => $"{a.Key} x {a.Value}");
        TestContext.Current.SendDiagnosticMessage($"{sessions} sessions: {string.Join(", ", answers)}");
    }

    private void Session(TestBroker broker, Random random)
    {
        var grammar = new Grammar(random);
        using var connection = RawConnection.Connect(broker);
        if (random.Next(10) == 0)
        {
            FuzzHandshake(connection, grammar, random);
            return;
        }
        connection.Handshake(new Login(FrameMax: 4096));
        connection.Send(0, new ConnectionOpen("/"));
        connection.Expect<ConnectionOpenOk>(0);
        connection.OpenChannel(1);
        connection.OpenChannel(2);
        connection.OpenChannel(3);
        try
        {
            for (var steps = random.Next(1, 40); steps > 0; steps--) connection.Send(grammar.NextStep());
            connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
        }
        catch (SocketException)
        {
            // The broker has had enough; what it said of it can be read.
        }
        // Without damage the frames are whole, and the close must be answered. With it the broker may wait for the
        // rest.
        if (grammar.HasDamaged) connection.Socket.ReceiveTimeout = 200;
        var answered = ReadToTheEnd(connection);
        Assert.True(answered || grammar.HasDamaged, "the connection ended without a close");
    }

    private static void FuzzHandshake(RawConnection connection, Grammar grammar, Random random)
    {
        var login = new Login();
        var startOk = new byte[1000];
        var length = FrameWriter.WriteMethod(
            startOk, 0, new ConnectionStartOk(login.ClientProperties, "PLAIN", login.PlainResponse, "en_US"));
        var tuneOk = new byte[100];
        var tuneLength = FrameWriter.WriteMethod(tuneOk, 0, new ConnectionTuneOk(2047, 131_072, 0));
        byte[] all = [.. Frame.ProtocolHeader, .. startOk[..length], .. tuneOk[..tuneLength], .. grammar.NextStep()];
        connection.Send(grammar.Damage(all));
        connection.Socket.Shutdown(SocketShutdown.Send);
        // What answers a damaged protocol header is no frame.
        var first = connection.ReceiveOctets(4);
        if (random.Next(2) == 0 || first.AsSpan().SequenceEqual("AMQP"u8)) return;
        while (connection.ReceiveOctets(1024).Length == 1024)
        {
        }
    }

    // Whether the broker closed, or answered the close. A broker that waits for the rest of a frame is let go.
    private bool ReadToTheEnd(RawConnection connection)
    {
        while (TryReceive(connection) is { } frame)
        {
            if (frame.Is<ConnectionCloseOk>()) return true;
            ushort code = 0;
            if (frame.Is<ConnectionClose>()) code = frame.Method<ConnectionClose>().ReplyCode;
            else if (frame.Is<ChannelClose>()) code = frame.Method<ChannelClose>().ReplyCode;
            else if (frame.Type is not (Frame.Method or Frame.Header or Frame.Body)) Assert.Fail($"got {frame}");
            if (code == 0) continue;
            Assert.Contains(code, ClientsFaults);
            _answers[code] = _answers.GetValueOrDefault(code) + 1;
            if (frame.Is<ConnectionClose>()) return true;
        }
        return false;
    }

    private static RawFrame? TryReceive(RawConnection connection)
    {
        try
        {
            return connection.TryReceive();
        }
        catch (AmqpExpectationException e)
            when (e.InnerException is SocketException && connection.Socket.ReceiveTimeout < 1000)
        {
            return null;
        }
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
