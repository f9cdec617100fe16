using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>
/// A connection to the broker on its way to being open, in three steps: greeted, logged in, open. It can wait between
/// them for as long as the broker lets a handshake take; <see cref="IsFresh"/> is well within that.
/// </summary>
internal sealed class UpstreamLogin : IDisposable
{
    private const long FreshMs = 4000;

    // Some brokers propose an unlimited frame_max; this is what everybody else proposes.
    private const uint UsualFrameMax = 131_072;

    private readonly ProxyOptions _options;
    private readonly long _createdMs = Environment.TickCount64;
    private bool _isOpen;

    private UpstreamLogin(ProxyOptions options, Link link)
    {
        _options = options;
        Link = link;
        Reader = new FrameReader(link);
    }

    public Link Link { get; }

    public FrameReader Reader { get; }

    /// <summary>The broker's greeting.</summary>
    public ConnectionStart Start { get; private set; }

    /// <summary>What the broker proposes; after the login.</summary>
    public ConnectionTune Tune { get; private set; }

    public bool IsFresh => Environment.TickCount64 - _createdMs < FreshMs;

    /// <summary>Connects and takes the greeting.</summary>
    /// <exception cref="CloseException">320: it cannot be reached.</exception>
    public static async Task<UpstreamLogin> ConnectAsync(ProxyOptions options, ProxyCounters counters)
    {
        using var patience = new CancellationTokenSource(options.HandshakeTimeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(options.UpstreamHost, options.UpstreamPort, patience.Token);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (options.UpstreamTls) stream = await OpenTlsAsync(options, stream, patience.Token);
            var login = new UpstreamLogin(options, new Link(stream, counters.Upstream));
            login.Link.Write(Frame.ProtocolHeader);
            login.Start = await login.Reader.ExpectAsync<ConnectionStart>(patience.Token);
            return login;
        }
        catch (Exception e) when (IsFailure(e))
        {
            socket.Dispose();
            counters.UpstreamFailed.Add();
            throw Unreachable(options, e);
        }
    }

    /// <exception cref="CloseException">
    /// The broker's own code and text; 320 if the connection broke meanwhile.
    /// </exception>
    public Task LoginAsync(Credentials credentials, string name) => GuardAsync(async token =>
    {
        var properties = ClientProperties(name);
        Link.Send(0, new ConnectionStartOk(properties, "PLAIN", credentials.PlainResponse, "en_US"));
        Tune = await Reader.ExpectAsync<ConnectionTune>(token);
        if (Tune.FrameMax == 0) Tune = Tune with { FrameMax = UsualFrameMax };
    });

    /// <inheritdoc cref="LoginAsync"/>
    public Task OpenAsync(string vhost, uint frameMax) => GuardAsync(async token =>
    {
        Link.Send(0, new ConnectionTuneOk(Tune.ChannelMax, frameMax, Tune.Heartbeat));
        Link.Send(0, new ConnectionOpen(vhost));
        await Reader.ExpectAsync<ConnectionOpenOk>(token);
        Reader.FrameMax = frameMax;
        Link.Heartbeat = Tune.Heartbeat;
        _isOpen = true;
    });

    /// <summary>Ends it, unless it was opened: then it is somebody's.</summary>
    public void Dispose()
    {
        if (!_isOpen) Link.Dispose();
    }

    private static FieldTable ClientProperties(string name) => new FieldTable()
        .Add("product", "Levada proxy")
        .Add("version", Broker.Version)
        .Add("platform", $".NET {Environment.Version}")
        .Add("connection_name", name)
        .Add("capabilities", new FieldTable()
            .Add("authentication_failure_close", true)
            .Add("basic.nack", true)
            .Add("connection.blocked", true)
            .Add("consumer_cancel_notify", true)
            .Add("exchange_exchange_bindings", true)
            .Add("publisher_confirms", true));

    private static async Task<Stream> OpenTlsAsync(ProxyOptions options, Stream inner, CancellationToken token)
    {
        var tls = new SslStream(inner);
        var handshake = new SslClientAuthenticationOptions
        {
            TargetHost = options.UpstreamHost,
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
                options.UpstreamInsecure || errors == SslPolicyErrors.None,
        };
        if (options.UpstreamCaFile is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(options.UpstreamCaFile);
            handshake.CertificateChainPolicy = policy;
        }
        await tls.AuthenticateAsClientAsync(handshake, token);
        return tls;
    }

    private static bool IsFailure(Exception e) => e is IOException or SocketException or AuthenticationException
        or OperationCanceledException or CloseException { Code: ReplyCode.FrameError }
        or System.Security.Cryptography.CryptographicException;

    private static CloseException Unreachable(ProxyOptions options, Exception cause)
    {
        var reason = cause is OperationCanceledException
            ? $"no answer within {options.HandshakeTimeout.TotalSeconds:0} s" : cause.Message;
        return CloseException.Of(
            ReplyCode.ConnectionForced, $"the proxy cannot reach {options.Upstream}: {reason}", 0, cause);
    }

    private async Task GuardAsync(Func<CancellationToken, Task> step)
    {
        using var patience = new CancellationTokenSource(_options.HandshakeTimeout);
        try
        {
            await step(patience.Token);
        }
        catch (Exception e) when (IsFailure(e))
        {
            Link.Dispose();
            throw Unreachable(_options, e);
        }
        catch (CloseException)
        {
            await Link.SentAsync();
            Link.Dispose();
            throw;
        }
    }
}
