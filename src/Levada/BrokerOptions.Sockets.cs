using System.Net.Sockets;

namespace Levada;

/// <summary>Sockets that the process was started with (systemd's socket activation).</summary>
public sealed partial class BrokerOptions
{
    /// <summary>They listen already; if there is one, the broker opens none of its own for plain AMQP.</summary>
    public IList<Socket> AmqpSockets { get; } = [];

    /// <summary>The same for AMQP over TLS.</summary>
    public IList<Socket> AmqpsSockets { get; } = [];

    /// <summary>The same for HTTP.</summary>
    public IList<Socket> HttpSockets { get; } = [];

    /// <summary>What systemd calls the sockets for plain AMQP.</summary>
    public string AmqpSocketName { get; set; } = "amqp";

    /// <summary>What it calls those for AMQP over TLS.</summary>
    public string AmqpsSocketName { get; set; } = "amqps";

    /// <summary>What it calls those for HTTP.</summary>
    public string HttpSocketName { get; set; } = "http";

    /// <summary>
    /// The Unix domain socket on which operators of this machine need no password; null is
    /// <see cref="DefaultControlSocket"/>, empty is none.
    /// </summary>
    public string? ControlSocket { get; set; }

    /// <summary>Where it is unless it is set.</summary>
    public string DefaultControlSocket => Path.GetFullPath(Path.Combine(DataDir, ControlSocketName));

    /// <summary>The file in the data folder.</summary>
    public const string ControlSocketName = "control.sock";

    /// <summary>Takes the sockets that the process was started with over from other options.</summary>
    public void TakeSockets(BrokerOptions from)
    {
        foreach (var (own, its) in ((IList<Socket>, IList<Socket>)[])
            [(AmqpSockets, from.AmqpSockets), (AmqpsSockets, from.AmqpsSockets), (HttpSockets, from.HttpSockets)])
        {
            foreach (var socket in its)
                own.Add(socket);
        }
    }

    internal bool HasTls => AmqpsListeners.Count + AmqpsSockets.Count > 0;
}
