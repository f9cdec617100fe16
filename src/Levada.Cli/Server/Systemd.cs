using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Levada.Configuration;

namespace Levada.Cli.Server;

/// <summary>
/// What systemd and a service tell each other: how the service is (sd_notify(3)) and which sockets it was given
/// (sd_listen_fds(3)). Without systemd nothing is told and none are given.
/// </summary>
internal static class Systemd
{
    private const int FirstDescriptor = 3;

    // From Linux' <sys/socket.h>.
    private const int SolSocket = 1;
    private const int SoAcceptConn = 30;

    public static void Ready() => Notify("READY=1\nSTATUS=Ready");

    public static void Stopping() => Notify("STOPPING=1\nSTATUS=Stopping");

    /// <summary>Follow with <see cref="Ready"/>.</summary>
    public static void Reloading()
    {
        // CLOCK_MONOTONIC, by which systemd tells this reload from an earlier one.
        var micros = (long)Stopwatch.GetElapsedTime(0).TotalMicroseconds;
        Notify(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={micros}"));
    }

    /// <summary>Takes the sockets that the process was started with into the options. Once a process.</summary>
    /// <exception cref="ConfigurationException">One of them is of no use here.</exception>
    public static void TakeSockets(BrokerOptions options)
    {
        if (Take("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            || !int.TryParse(Take("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return;
        }
        var names = Take("LISTEN_FDNAMES")?.Split(':') ?? [];
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(new SafeSocketHandle(FirstDescriptor + i, ownsHandle: true));
            var name = i < names.Length ? names[i] : "unknown";
            if (!IsListening(socket))
                throw Unusable(name, "is no stream socket that listens (Accept=no)");
            ListFor(name, socket, options).Add(socket);
        }
    }

    private static IList<Socket> ListFor(string name, Socket socket, BrokerOptions options)
    {
        if (name == options.AmqpSocketName)
            return options.AmqpSockets;
        if (name == options.AmqpsSocketName)
            return options.AmqpsSockets;
        if (name != options.HttpSocketName)
        {
            throw Unusable(
                name, $"has a FileDescriptorName that is none of {options.AmqpSocketName}, {options.AmqpsSocketName} "
                + $"and {options.HttpSocketName} (amqp.systemd_socket_name and so on)");
        }
        if (socket.AddressFamily == AddressFamily.Unix)
            throw Unusable(name, "is a Unix domain socket; HTTP needs TCP");
        return options.HttpSockets;
    }

    private static bool IsListening(Socket socket)
    {
        if (socket.SocketType != SocketType.Stream)
            return false;
        Span<byte> accepts = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(SolSocket, SoAcceptConn, accepts);
        return BitConverter.ToInt32(accepts) != 0;
    }

    private static void Notify(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
            return;
        // @ stands for the NUL with which Linux' abstract names begin.
        var to = new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(System.Text.Encoding.UTF8.GetBytes(state), to);
    }

    // For this process alone, not for one that it might start.
    private static string? Take(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return value;
    }

    private static ConfigurationException Unusable(string name, string why) =>
        new($"the socket '{name}' from systemd {why}");
}
