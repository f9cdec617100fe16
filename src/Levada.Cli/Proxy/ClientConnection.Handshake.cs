using Levada.Protocol;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Proxy;

/// <summary>From the protocol header to open-ok. The broker decides about user and virtual host.</summary>
internal sealed partial class ClientConnection
{
    private const uint ProposedFrameMax = 131_072;
    private const int RefusalTimeoutMs = 2000;

    private bool _wantsBlocked;
    private bool _wantsAuthenticationFailureClose;

    private async Task HandshakeAsync(CancellationToken token)
    {
        await ReadProtocolHeaderAsync(token);
        var properties = await _proxy.ServerPropertiesAsync();
        Link.Send(0, new ConnectionStart(0, 9, properties, Credentials.Mechanisms, "en_US"));
        var startOk = await ReadAsync<ConnectionStartOk>(token);
        ReadCapabilities(startOk.ClientProperties);
        var tune = await LoginAsync(startOk);
        Link.Send(0, tune);
        var tuneOk = await ReadAsync<ConnectionTuneOk>(token);
        Check(tune, tuneOk);
        var open = await ReadAsync<ConnectionOpen>(token);
        var pool = _account!.PoolFor(open.VirtualHost, tuneOk.FrameMax);
        await pool.EnsureAsync();
        _reader.FrameMax = tuneOk.FrameMax;
        _channelMax = tuneOk.ChannelMax == 0 ? ushort.MaxValue : tuneOk.ChannelMax;
        Link.Heartbeat = tuneOk.Heartbeat;
        Link.Send(0, default(ConnectionOpenOk));
        _pool = pool;
        LogOpen(Name, _account.User, open.VirtualHost);
    }

    private async Task ReadProtocolHeaderAsync(CancellationToken token)
    {
        const int Length = 8;
        while (_reader.PeekOctets(Length).IsEmpty)
        {
            if (!await _reader.ReceiveAsync(token)) throw new IOException("it ended before the protocol header");
        }
        var header = _reader.PeekOctets(Length);
        if (!header.SequenceEqual(Frame.ProtocolHeader) && !header.SequenceEqual("AMQP\u0001\u0001\0\u0009"u8))
        {
            Link.Write(Frame.ProtocolHeader);
            throw new IOException($"it does not speak AMQP 0-9-1, but sent 0x{Convert.ToHexString(header)}");
        }
        _reader.Consume(Length);
    }

    private async Task<ConnectionTune> LoginAsync(ConnectionStartOk startOk)
    {
        if (Credentials.Read(startOk.Mechanism, startOk.Response) is not { } credentials)
        {
            throw CloseException.Of(
                ReplyCode.AccessRefused,
                $"Login was refused using authentication mechanism {startOk.Mechanism}: the proxy needs a user and a "
                + $"password by {Credentials.Mechanisms.Replace(" ", " or ", StringComparison.Ordinal)}");
        }
        _account = _proxy.Enter(credentials);
        return await _account.CheckAsync();
    }

    private void ReadCapabilities(FieldTable properties)
    {
        var capabilities = properties.TryGet("capabilities", out var value) && value.Type == FieldType.Table
            ? value.AsTable : FieldTable.Empty;
        WantsCancelNotify = Has("consumer_cancel_notify");
        _wantsBlocked = Has("connection.blocked");
        _wantsAuthenticationFailureClose = Has("authentication_failure_close");

        bool Has(string capability) => capabilities.TryGet(capability, out var announced)
            && announced.Type == FieldType.Boolean && announced.AsBoolean;
    }

    private static void Check(ConnectionTune tune, ConnectionTuneOk tuneOk)
    {
        NotAbove("channel_max", tuneOk.ChannelMax, tune.ChannelMax);
        NotAbove("frame_max", tuneOk.FrameMax, tune.FrameMax);
        if (tuneOk.FrameMax < Frame.MinSize)
        {
            throw CloseException.Of(
                ReplyCode.NotAllowed,
                $"negotiated frame_max = {tuneOk.FrameMax} is lower than the minimum allowed value ({Frame.MinSize})",
                MethodId.ConnectionTuneOk);
        }

        static void NotAbove(string name, uint value, uint allowed)
        {
            if (allowed == 0 || (value > 0 && value <= allowed)) return;
            var shown = value == 0 ? "0 (no limit)" : $"{value}";
            throw CloseException.Of(
                ReplyCode.NotAllowed,
                $"negotiated {name} = {shown} is higher than the maximum allowed value ({allowed})",
                MethodId.ConnectionTuneOk);
        }
    }

    private async ValueTask<T> ReadAsync<T>(CancellationToken token) where T : struct, IMethod<T>
    {
        try
        {
            return await _reader.ExpectAsync<T>(token);
        }
        catch (CloseException e) when (e.IsByPeer)
        {
            throw new IOException($"it closed the connection in the handshake: {e.Message}", e);
        }
    }

    // Before the connection is open: there is nothing to clean up upstream.
    private async Task RefuseAsync(CloseException reason)
    {
        LogRefused(Name, _account?.User ?? "", reason.Code, reason.Message);
        if (reason.Code == ReplyCode.AccessRefused)
        {
            _proxy.Counters.LoginsRefused.Add();
            // Clients from before this capability take the end of the socket as the refusal.
            if (!_wantsAuthenticationFailureClose) return;
        }
        var method = reason.Method;
        Link.Send(0, new ConnectionClose(reason.Code, reason.Message, (ushort)(method >> 16), (ushort)method));
        using var patience = new CancellationTokenSource(RefusalTimeoutMs);
        try
        {
            await _reader.ExpectAsync<ConnectionCloseOk>(patience.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or CloseException)
        {
            LogEnded(Name, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "client {Client}, user '{User}', open on '{VHost}'")]
    private partial void LogOpen(string client, string user, string vHost);

    [LoggerMessage(Level = LogLevel.Warning, Message = "client {Client}, user '{User}', refused: {Code} {Text}")]
    private partial void LogRefused(string client, string user, int code, string text);
}
