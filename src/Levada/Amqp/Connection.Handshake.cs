using System.Text;
using Levada.Auth;
using Levada.Catalog;
using Levada.Protocol;
using Levada.Transports;

namespace Levada.Amqp;

/// <summary>From the protocol header to connection.open-ok (rules A1-A23).</summary>
public sealed partial class Connection
{
    private static readonly FieldTable ServerCapabilities = MakeCapabilities();

    private uint _frameMax;
    private User? _user;
    private string _mechanism = "";

    /// <summary>The negotiated frame_max in octets; no limit shows as the largest message's size.</summary>
    public uint FrameMax => _frameMax;

    /// <summary>
    /// The negotiated channel_max; 0 is unlimited. It bounds how many channels are open, not their numbers.
    /// </summary>
    public ushort ChannelMax { get; private set; }

    /// <summary>The negotiated heartbeat in seconds; 0 is none.</summary>
    public ushort Heartbeat { get; private set; }

    /// <summary>All that the client says of itself.</summary>
    public FieldTable ClientProperties { get; private set; } = FieldTable.Empty;

    /// <summary>`connection_name` of the client properties; empty if it gave none.</summary>
    public string ClientName { get; private set; } = "";

    public string Mechanism => _mechanism;

    /// <summary>The name as it travels.</summary>
    internal byte[] UserNameUtf8 => field ??= Encoding.UTF8.GetBytes(User.Name);

    /// <summary>Who is logged in; null before.</summary>
    public string? UserName => _user?.Name;

    internal User User => _user ?? throw new InvalidOperationException("nobody is logged in yet");

    /// <summary>What the user may do in the virtual host. Only while running.</summary>
    internal Access Access { get; private set; } = null!;

    /// <summary>On whose behalf its channels change definitions. Only while running.</summary>
    internal Requester Requester { get; private set; } = null!;

    /// <summary>The client wants to hear when the server cancels a consumer (rule A8).</summary>
    internal bool WantsCancelNotify { get; private set; }

    private bool WantsBlocked { get; set; }

    private bool WantsAuthenticationFailureClose { get; set; }

    // False if the header is not complete or not ours.
    private bool ReadProtocolHeader(ReadOnlySpan<byte> bytes, ref int at)
    {
        if (bytes.Length < 8)
        {
            // What cannot become a header any more is refused at once.
            if (!"AMQP"u8.StartsWith(bytes[..Math.Min(4, bytes.Length)]))
                RefuseHeader(bytes);
            return false;
        }
        var header = bytes[..8];
        if (!header.SequenceEqual("AMQP\0\0\u0009\u0001"u8) && !header.SequenceEqual("AMQP\u0001\u0001\0\u0009"u8))
        {
            RefuseHeader(header);
            return false;
        }
        at = 8;
        State = ConnectionState.Starting;
        Broker.Connections.CountHandshake(this);
        LogAccepting(this);
        var mechanisms = Broker.Authenticator.Offered(_transport.Certificate);
        Outbox.Send(0, new ConnectionStart(0, 9, ServerProperties(), mechanisms, "en_US"));
        return true;
    }

    private void RefuseHeader(ReadOnlySpan<byte> bytes)
    {
        var isProxyHeader = ProxyHeader.IsLikely(bytes);
        var hint = bytes.StartsWith("GET "u8) || bytes.StartsWith("POST"u8) || bytes.StartsWith("HEAD"u8)
            ? "this looks like HTTP: the management API listens on another port"
            : bytes.Length > 1 && bytes[0] == 0x16 && bytes[1] == 0x03
                ? "this looks like TLS: use the amqps port, or amqp:// in the client"
                : isProxyHeader ? ProxyHeader.UntrustedText
                : bytes.StartsWith("AMQP"u8) ? "this looks like another version of AMQP: 0-9-1 is spoken here"
                    : "this is not AMQP";
        Broker.Arrivals.Refuse(_transport.Kind, isProxyHeader ? Refusal.ProxyUntrusted : Refusal.NotAmqp);
        LogBadHeader(this, Convert.ToHexString(bytes[..Math.Min(8, bytes.Length)]), hint);
        lock (Outbox.Lock)
        {
            "AMQP\0\0\u0009\u0001"u8.CopyTo(Outbox.GetSpan(0, 8));
            Outbox.Advance(8, frames: 0);
        }
        Drop();
    }

    private void HandleConnectionMethod(ushort channel, uint method, ReadOnlySpan<byte> args)
    {
        switch (State)
        {
            case ConnectionState.Starting when channel == 0 && method == MethodId.ConnectionStartOk:
                HandleStartOk(args);
                return;
            case ConnectionState.Tuning when channel == 0 && method == MethodId.ConnectionTuneOk:
                HandleTuneOk(args);
                return;
            case ConnectionState.Opening when channel == 0 && method == MethodId.ConnectionOpen:
                HandleOpen(args);
                return;
            case ConnectionState.Running:
                HandleRunningMethod(method, args);
                return;
            case ConnectionState.Tuning or ConnectionState.Opening when method == MethodId.ConnectionClose:
                HandleClose(args);
                return;
            default:
                DropEarly(MethodId.Name(method));
                return;
        }
    }

    // Most clients take no close frame this early (rule A20).
    private void DropEarly(string what)
    {
        LogUnexpectedFrame(this, what, StateText);
        Drop();
    }

    private void HandleRunningMethod(uint method, ReadOnlySpan<byte> args)
    {
        switch (method)
        {
            case MethodId.ConnectionClose:
                HandleClose(args);
                break;
            case MethodId.ConnectionUpdateSecret:
                HandleUpdateSecret(args);
                break;
            default:
                throw !MethodId.IsKnown(method)
                    ? new AmqpException(
                        ReplyCode.NotImplemented, $"unknown method {method >> 16},{method & 0xFFFF}",
                        ErrorScope.Connection, method)
                    : new AmqpException(
                        ReplyCode.ChannelError, "unexpected method in connection state running", ErrorScope.Connection,
                        method);
        }
    }

    private void HandleStartOk(ReadOnlySpan<byte> args)
    {
        if (!ConnectionStartOk.TryRead(args, out var startOk))
            throw FrameError("cannot decode connection.start-ok", MethodId.ConnectionStartOk);
        _mechanism = startOk.Mechanism;
        ClientProperties = startOk.ClientProperties;
        // Some clients send a name that is void when they were given none.
        if (ClientProperties.TryGet("connection_name", out var value) && value.TryGetString(out var name))
            ClientName = name;
        if (ClientProperties.TryGet("capabilities", out value) && value.Type == FieldType.Table)
        {
            var capabilities = value.AsTable;
            WantsCancelNotify = IsTrue(capabilities, "consumer_cancel_notify");
            WantsBlocked = IsTrue(capabilities, "connection.blocked");
            WantsAuthenticationFailureClose = IsTrue(capabilities, "authentication_failure_close");
        }
        LogClientName(this, ClientName);
        var result = Broker.Authenticator.Authenticate(
            startOk.Mechanism, startOk.Response, _transport.Source, _transport.Certificate);
        Broker.Logins.Count(LoginCounts.Amqp, _transport.Source, result.Name, isRight: result.User is not null);
        if (result.User is null)
        {
            RefuseLogin(result.Reason);
            return;
        }
        _user = result.User;
        PublishLogin(error: null);
        State = ConnectionState.Tuning;
        var options = Broker.Options;
        Outbox.Send(0, new ConnectionTune(options.ChannelMax, options.FrameMax, options.Heartbeat));
    }

    // Rule A10. The log tells why; the client, which may be guessing, does not hear it.
    private void RefuseLogin(string reason)
    {
        PublishLogin(reason);
        LogLoginRefused(this, _mechanism, reason);
        if (WantsAuthenticationFailureClose)
        {
            var text = $"Login was refused using authentication mechanism {_mechanism}. " +
                "For details see the broker logfile.";
            SendClose(new AmqpException(ReplyCode.AccessRefused, text, ErrorScope.Connection, 0));
        }
        else
        {
            State = ConnectionState.Closing;
            Volatile.Write(ref _deadlineMs, Environment.TickCount64 + RefusedLoginHoldMs);
        }
    }

    private void HandleTuneOk(ReadOnlySpan<byte> args)
    {
        if (!ConnectionTuneOk.TryRead(args, out var tuneOk))
            throw FrameError("cannot decode connection.tune-ok", MethodId.ConnectionTuneOk);
        CheckTuned("channel_max", tuneOk.ChannelMax, Broker.Options.ChannelMax);
        CheckTuned("frame_max", tuneOk.FrameMax, Broker.Options.FrameMax);
        if (tuneOk.FrameMax != 0 && tuneOk.FrameMax < Frame.MinSize)
        {
            throw NotAllowed(
                $"negotiated frame_max = {tuneOk.FrameMax} is lower than the minimum allowed value ({Frame.MinSize})",
                MethodId.ConnectionTuneOk);
        }
        ChannelMax = tuneOk.ChannelMax;
        _frameMax = Math.Min(tuneOk.FrameMax == 0 ? uint.MaxValue : tuneOk.FrameMax, LargestFrame);
        Heartbeat = tuneOk.Heartbeat;
        State = ConnectionState.Opening;
    }

    // Without a limit a frame may still not be larger than the largest message; so lengths stay far below 2 GiB.
    private uint LargestFrame =>
        (uint)Math.Clamp(Broker.Options.MaxMessageSize + Frame.MinSize, Frame.MinSize, 1 << 30);

    // Rules A13, A14: 0 on the server's side allows anything, 0 from the client asks for no limit.
    private static void CheckTuned(string name, uint wanted, uint allowed)
    {
        if (allowed == 0 || (wanted != 0 && wanted <= allowed))
            return;
        var value = wanted == 0 ? "0 (no limit)" : $"{wanted}";
        throw NotAllowed(
            $"negotiated {name} = {value} is higher than the maximum allowed value ({allowed})",
            MethodId.ConnectionTuneOk);
    }

    internal static AmqpException NotAllowed(string text, uint method) =>
        new(ReplyCode.NotAllowed, text, ErrorScope.Connection, method);

    private void HandleOpen(ReadOnlySpan<byte> args)
    {
        if (!ConnectionOpen.TryRead(args, out var open))
            throw FrameError("cannot decode connection.open", MethodId.ConnectionOpen);
        // Rule A16: amqp://host/ asks for a virtual host without a name; the default one is meant.
        var name = open.VirtualHost.Length == 0 ? "/" : open.VirtualHost;
        var vhost = Broker.Catalog.FindVHost(name)
            ?? throw Errors.NoVHost(name);
        if (!MayAccess(vhost))
            throw Errors.VHostRefused(name, User.Name);
        CheckInService();
        Broker.Connections.Admit(this, vhost, Broker.Catalog.Accounts.Find(User.Name) ?? User);
        // Deleted in between, it has not seen this connection to close it.
        if (vhost.IsDeleted)
            throw Errors.NoVHost(name);
        CheckInService();
        State = ConnectionState.Running;
        Volatile.Write(ref _deadlineMs, long.MaxValue);
        Access = new Access(() => Broker.Catalog.Accounts, User.Name, vhost.Name);
        Requester = new Requester(Broker.Catalog, vhost, Access, this);
        LogOpened(this, User.Name, vhost.Name);
        PublishCreated();
        Outbox.Send(0, new ConnectionOpenOk());
    }

    // Asked again once it is among the others: a drain that began in between has not seen it.
    private void CheckInService()
    {
        if (Broker.Drain.IsOn)
            throw Errors.NotInService(MethodId.ConnectionOpen);
    }

    // Rule A22: passwords are checked again; what was granted stays as it is.
    private void HandleUpdateSecret(ReadOnlySpan<byte> args)
    {
        if (!ConnectionUpdateSecret.TryRead(args, out var update))
            throw FrameError("cannot decode connection.update-secret", MethodId.ConnectionUpdateSecret);
        var response = Encoding.UTF8.GetBytes($"\0{User.Name}\0{Encoding.UTF8.GetString(update.NewSecret)}");
        var result = Broker.Authenticator.Authenticate("PLAIN", response, _transport.Source);
        if (result.User is null || !MayAccess(VHost!))
        {
            LogLoginRefused(this, "update-secret", result.Reason);
            throw NotAllowed("New secret was refused by one of the backends", MethodId.ConnectionUpdateSecret);
        }
        _user = result.User;
        Outbox.Send(0, new ConnectionUpdateSecretOk());
    }

    private bool MayAccess(VHost vhost) =>
        Broker.Catalog.Accounts.Find(User.Name)?.Permissions.ContainsKey(vhost.Name) == true;

    private FieldTable ServerProperties() => new FieldTable()
        .Add("capabilities", ServerCapabilities)
        .Add("cluster_name", Broker.ClusterName)
        .Add("copyright", "The developers of Levada")
        .Add("information", "https://levada.example/docs")
        .Add("platform", $".NET {Environment.Version}")
        .Add("product", "Levada")
        .Add("version", Broker.Version);

    private static FieldTable MakeCapabilities()
    {
        var table = new FieldTable();
        foreach (var name in (string[])
        [
            "publisher_confirms", "exchange_exchange_bindings", "basic.nack", "consumer_cancel_notify",
            "connection.blocked", "consumer_priorities", "authentication_failure_close", "per_consumer_qos",
            "direct_reply_to",
        ])
        {
            table.Add(name, true);
        }
        return table;
    }

    private static bool IsTrue(FieldTable table, string key) =>
        table.TryGet(key, out var value) && value.Type == FieldType.Boolean && value.AsBoolean;
}
