using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>Ends a client's connection by connection.close with this code, text and method.</summary>
internal sealed class CloseException(ushort code, string text, uint method = 0, Exception? cause = null)
    : Exception(text, cause)
{
    public ushort Code => code;

    /// <summary>The method that failed, see <see cref="MethodId"/>; 0 is none.</summary>
    public uint Method => method;

    /// <summary>The peer sent it, and has got its close-ok.</summary>
    public bool IsByPeer { get; init; }

    public static CloseException Of(ushort code, string explanation, uint method = 0, Exception? cause = null) =>
        new(code, $"{ReplyCode.Name(code)} - {explanation}", method, cause);
}
