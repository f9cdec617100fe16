using Levada.Protocol;

namespace Levada.Tests;

/// <summary>
/// What a client says in the handshake. No heartbeats unless asked for, and every capability announced.
/// </summary>
public sealed record Login(
    string User = "guest", string Password = "guest", string VHost = "/",
    ushort ChannelMax = 2047, uint FrameMax = 131_072, ushort Heartbeat = 0)
{
    public FieldTable ClientProperties { get; init; } = Properties(
        "authentication_failure_close", "basic.nack", "connection.blocked", "consumer_cancel_notify",
        "publisher_confirms");

    /// <summary>The response of SASL PLAIN.</summary>
    public byte[] PlainResponse => System.Text.Encoding.UTF8.GetBytes($"\0{User}\0{Password}");

    /// <summary>Client properties that announce these capabilities and no others.</summary>
    public static FieldTable Properties(params string[] capabilities)
    {
        var table = new FieldTable();
        foreach (var capability in capabilities) table.Add(capability, true);
        return new FieldTable().Add("product", "raw test client").Add("capabilities", table);
    }
}
