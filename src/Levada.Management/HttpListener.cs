using System.Net;
using System.Net.Sockets;

namespace Levada.Management;

/// <summary>
/// An open HTTP port, or the control socket, and the first connection to it, which is waited for from the start and
/// comes before all others.
/// </summary>
internal sealed class HttpListener : IDisposable
{
    private readonly Socket _socket;
    private bool _firstIsTaken;

    public HttpListener(Socket socket, HttpListenerKind kind = HttpListenerKind.Api, bool isTls = false)
    {
        _socket = socket;
        (Kind, IsTls) = (kind, isTls);
        EndPoint = socket.LocalEndPoint!;
        First = socket.AcceptAsync();
    }

    public EndPoint EndPoint { get; }

    public HttpListenerKind Kind { get; }

    public bool IsTls { get; }

    public Task<Socket> First { get; }

    /// <summary>The next connection, the first one first; null once the port is closed. One caller at a time.</summary>
    public async ValueTask<Socket?> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                if (_firstIsTaken)
                    return await _socket.AcceptAsync(cancellationToken);
                var first = await First.WaitAsync(cancellationToken);
                _firstIsTaken = true;
                return first;
            }
            catch (Exception e) when (e is ObjectDisposedException
                or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return null;
            }
            catch (SocketException e)
            {
                // A client that is gone already, or no descriptors left: wait for some to come back.
                _firstIsTaken = true;
                if (e.SocketErrorCode == SocketError.TooManyOpenSockets)
                    await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (!_firstIsTaken && First.IsCompletedSuccessfully)
            First.Result.Dispose();
    }
}
