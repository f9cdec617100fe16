using System.Globalization;
using System.Net.Sockets;

namespace Levada.Platform;

/// <summary>Who is at the other end of a Unix domain socket, as the kernel knows it (Linux' SO_PEERCRED).</summary>
/// <param name="Process">The process that connected.</param>
/// <param name="User">Its user id then.</param>
public readonly record struct UnixCredentials(int Process, uint User)
{
    // From Linux' <sys/socket.h>; the answer is a struct ucred: process, user, group.
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int UcredSize = 12;

    private const string UserFile = "/etc/passwd";

    /// <exception cref="SocketException">The client is gone.</exception>
    public static UnixCredentials Of(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[UcredSize];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        return new UnixCredentials(BitConverter.ToInt32(credentials), BitConverter.ToUInt32(credentials[4..]));
    }

    /// <summary>The user's name; its number if the machine's own list does not have it.</summary>
    public string FindUserName()
    {
        var number = User.ToString(CultureInfo.InvariantCulture);
        try
        {
            // name:password:number:...
            foreach (var line in File.ReadLines(UserFile))
            {
                var fields = line.Split(':');
                if (fields.Length > 2 && fields[2] == number && fields[0].Length > 0)
                    return fields[0];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The number says it too.
        }
        return number;
    }
}
