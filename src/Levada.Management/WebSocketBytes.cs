using System.Net.WebSockets;

namespace Levada.Management;

/// <summary>
/// A WebSocket as a stream of bytes: what the messages carry, one after the other; where they begin and end means
/// nothing. One reader and one writer at a time.
/// </summary>
/// <param name="socket">Disposed of with this.</param>
/// <param name="abort">Resets the connection under it: a read that waits ends by nothing else.</param>
internal sealed class WebSocketBytes(WebSocket socket, Action abort) : Stream
{
    // Owner: the reader.
    private bool _isOver;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Tells the client that no more bytes come.</summary>
    public void EndOutput() => _ = EndOutputAsync();

    /// <exception cref="IOException">The client is gone, or sent text.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_isOver)
        {
            ValueWebSocketReceiveResult received;
            try
            {
                received = await socket.ReceiveAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (e is WebSocketException or OperationCanceledException
                or InvalidOperationException)
            {
                throw new IOException($"the WebSocket ended: {e.Message}", e);
            }
            if (received.MessageType == WebSocketMessageType.Close)
            {
                _isOver = true;
                // Answered at once, which closes the socket in order.
                await EndOutputAsync();
                break;
            }
            if (received.MessageType == WebSocketMessageType.Text)
                throw new IOException("the client sent a text message; AMQP goes in binary ones");
            // An empty message is not the end of the stream.
            if (received.Count > 0 || buffer.IsEmpty)
                return received.Count;
        }
        return 0;
    }

    /// <exception cref="IOException">The client is gone.</exception>
    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or InvalidOperationException)
        {
            throw new IOException($"the WebSocket ended: {e.Message}", e);
        }
    }

    public override void Flush()
    {
        // Each write is sent.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (socket.State != WebSocketState.Closed)
                abort();
            socket.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task EndOutputAsync()
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or IOException or InvalidOperationException
            or OperationCanceledException)
        {
            // The client is gone already; the reader finds out.
        }
    }
}
