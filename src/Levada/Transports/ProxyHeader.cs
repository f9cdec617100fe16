using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Levada.Transports;

/// <summary>
/// What a proxy says of its client before the client's first byte: HAProxy's PROXY protocol, version 1 (a line of text)
/// and 2 (binary).
/// </summary>
/// <param name="Client">The client's address; null if the proxy does not know it or speaks for itself.</param>
/// <param name="IsOfProxyItself">No client is behind it: the proxy looks whether the broker is there.</param>
internal readonly record struct ProxyHeader(IPEndPoint? Client, bool IsOfProxyItself)
{
    // A line of version 1 is no longer, its line end included.
    private const int LineMax = 107;

    // Version 2: signature, version and command, family, length of what follows.
    private const int FixedSize = 16;

    // Every header, of either version, is longer, so that reading so much never takes a byte of the client's.
    private const int SafeToRead = 12;

    private static ReadOnlySpan<byte> LineStart => "PROXY "u8;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Why a client that sends a header on its own account is refused.</summary>
    public static string UntrustedText =>
        "this is a PROXY protocol header, which counts only with proxy_protocol = true and from the addresses in "
        + "proxy_protocol_trusted_sources";

    /// <summary>These first bytes, of which there may be only one, look like a header.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> first) =>
        LineStart.StartsWith(first[..Math.Min(first.Length, LineStart.Length)])
        || Signature.StartsWith(first[..Math.Min(first.Length, Signature.Length)]);

    /// <summary>Reads a header and not a byte more.</summary>
    /// <exception cref="RefusedException">What comes is none.</exception>
    public static async Task<ProxyHeader> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var bytes = new byte[LineMax];
        var used = 0;
        while (Missing(bytes.AsSpan(0, used)) is > 0 and var missing)
        {
            if (bytes.Length < used + missing)
                Array.Resize(ref bytes, used + missing);
            var read = await socket.ReceiveAsync(bytes.AsMemory(used, missing), cancellationToken);
            if (read == 0)
                throw new IOException("the proxy ended the connection in its PROXY header");
            used += read;
        }
        return Parse(bytes.AsSpan(0, used));
    }

    /// <summary>How many bytes may be read that are surely the header's; 0 when it is complete.</summary>
    internal static int Missing(ReadOnlySpan<byte> header)
    {
        if (!IsLikely(header))
            throw Bad("it begins with none, which proxy_protocol = true asks of proxy_protocol_trusted_sources");
        if (header.Length < SafeToRead)
            return SafeToRead - header.Length;
        if (header.StartsWith(Signature))
        {
            return header.Length < FixedSize
                ? FixedSize - header.Length
                : FixedSize + BinaryPrimitives.ReadUInt16BigEndian(header[14..]) - header.Length;
        }
        if (header.EndsWith("\r\n"u8))
            return 0;
        if (header.Contains((byte)'\n'))
            throw Bad("its line ends too soon");
        if (header.Length == LineMax)
            throw Bad($"its line is longer than {LineMax} bytes");
        return header[^1] == '\r' ? 1 : Math.Min(2, LineMax - header.Length);
    }

    /// <exception cref="RefusedException">It is not well-formed.</exception>
    internal static ProxyHeader Parse(ReadOnlySpan<byte> header) =>
        header.StartsWith(Signature) ? ParseBinary(header) : ParseLine(Encoding.Latin1.GetString(header[..^2]));

    // "PROXY TCP4 client proxy client-port proxy-port"; after UNKNOWN anything may stand.
    private static ProxyHeader ParseLine(string line)
    {
        var words = line.Split(' ');
        if (words[1] == "UNKNOWN")
            return default;
        var family = words[1] switch
        {
            "TCP4" => AddressFamily.InterNetwork,
            "TCP6" => AddressFamily.InterNetworkV6,
            _ => throw Bad("its family is none of TCP4, TCP6 and UNKNOWN"),
        };
        if (words.Length != 6
            || !TryAddress(words[2], family, out var client) || !TryAddress(words[3], family, out _)
            || !TryPort(words[4], out var port) || !TryPort(words[5], out _))
        {
            throw Bad("its line is not 'PROXY family source destination source-port destination-port'");
        }
        return new ProxyHeader(new IPEndPoint(client, port), false);
    }

    private static ProxyHeader ParseBinary(ReadOnlySpan<byte> header)
    {
        var (version, command, family) = (header[12] >> 4, header[12] & 0xF, header[13]);
        if (version != 2)
            throw Bad($"its version is {version}");
        if (command == 0)
            return new ProxyHeader(null, true);
        if (command != 1)
            throw Bad($"its command is {command}");
        // Address family and protocol: TCP over IPv4, over IPv6, unspecified, a Unix stream. TLVs that follow say
        // nothing that is asked here.
        var (addressSize, size) = family switch
        {
            0x11 => (4, 12),
            0x21 => (16, 36),
            0x31 => (0, 216),
            0x00 => (0, 0),
            _ => throw Bad($"its address family and protocol are 0x{family:x2}"),
        };
        var addresses = header[FixedSize..];
        if (addresses.Length < size)
            throw Bad($"it has {addresses.Length} bytes of addresses where {size} belong");
        if (addressSize == 0)
            return default;
        var port = BinaryPrimitives.ReadUInt16BigEndian(addresses[(2 * addressSize)..]);
        return new ProxyHeader(new IPEndPoint(new IPAddress(addresses[..addressSize]), port), false);
    }

    // Only the usual way to write an address; the parser takes others, such as 1.2 or [::1].
    private static bool TryAddress(string text, AddressFamily family, out IPAddress address)
    {
        address = IPAddress.None;
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != family)
            return false;
        address = parsed;
        return family == AddressFamily.InterNetwork ? parsed.ToString() == text : !text.AsSpan().ContainsAny('[', '%');
    }

    private static bool TryPort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);

    private static RefusedException Bad(string what) =>
        new(Refusal.ProxyHeader, $"no usable PROXY protocol header: {what}");
}
