using System.Buffers.Binary;
using System.Net.Sockets;

namespace Levada.Platform;

/// <summary>What the kernel knows of a TCP connection (tcp(7), TCP_INFO). Linux only.</summary>
internal static class TcpInfo
{
    private const int ProtocolTcp = 6;
    private const int OptionInfo = 11;

    // struct tcp_info: eight octets, then 32-bit figures; the sixteenth is tcpi_rtt, in microseconds.
    private const int RoundTripOffset = 68;

    /// <summary>The smoothed round-trip time; null if there is none to tell.</summary>
    public static TimeSpan? RoundTripTime(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp)
            return null;
        try
        {
            Span<byte> info = stackalloc byte[256];
            var length = socket.GetRawSocketOption(ProtocolTcp, OptionInfo, info);
            if (length < RoundTripOffset + sizeof(uint))
                return null;
            var micros = BitConverter.IsLittleEndian
                ? BinaryPrimitives.ReadUInt32LittleEndian(info[RoundTripOffset..])
                : BinaryPrimitives.ReadUInt32BigEndian(info[RoundTripOffset..]);
            return TimeSpan.FromMicroseconds(micros);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It ended while somebody looked.
            return null;
        }
    }
}
