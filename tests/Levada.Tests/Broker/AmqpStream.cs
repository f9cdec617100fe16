using Levada.Protocol;

namespace Levada.Tests;

/// <summary>The AMQP handshake over any stream, for transports that a bare socket does not speak.</summary>
internal static class AmqpStream
{
    /// <summary>Protocol header to connection.open-ok, by PLAIN as guest.</summary>
    public static async Task OpenAsync(Stream stream)
    {
        await StartAsync(stream);
        await LoginAsync(stream, "PLAIN", new Login().PlainResponse);
    }

    /// <summary>The protocol header; what the server answers with.</summary>
    public static async Task<ConnectionStart> StartAsync(Stream stream)
    {
        await stream.WriteAsync(Frame.ProtocolHeader.ToArray());
        return (await ReadAsync(stream)).Method<ConnectionStart>();
    }

    /// <summary>start-ok to open-ok.</summary>
    public static async Task LoginAsync(Stream stream, string mechanism, byte[] response)
    {
        await WriteAsync(stream, new ConnectionStartOk(new Login().ClientProperties, mechanism, response, "en_US"));
        await ExpectAsync(stream, MethodId.ConnectionTune);
        await WriteAsync(stream, new ConnectionTuneOk(2047, 131_072, 0));
        await WriteAsync(stream, new ConnectionOpen("/"));
        await ExpectAsync(stream, MethodId.ConnectionOpenOk);
    }

    public static async Task WriteAsync<T>(Stream stream, T method)
        where T : IMethod<T>
    {
        var frame = new byte[FrameWriter.MethodSize(method)];
        FrameWriter.WriteMethod(frame, 0, method);
        await stream.WriteAsync(frame);
    }

    public static async Task<RawFrame> ReadAsync(Stream stream)
    {
        using var patience = new CancellationTokenSource(RawConnection.Patience);
        var header = new byte[Frame.HeaderSize];
        await stream.ReadExactlyAsync(header, patience.Token);
        var rest = new byte[FrameHeader.Read(header).Size + 1];
        await stream.ReadExactlyAsync(rest, patience.Token);
        return new RawFrame(header[0], 0, rest[..^1]);
    }

    private static async Task ExpectAsync(Stream stream, uint method)
    {
        var frame = await ReadAsync(stream);
        if (frame.Id != method)
            throw new AmqpExpectationException($"expected {MethodId.Name(method)}, got {frame}");
    }
}
