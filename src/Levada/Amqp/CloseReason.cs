using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>Why a connection or channel was closed, as far as it was said.</summary>
/// <param name="By">Who ended it.</param>
/// <param name="Code">The reply code; 0 if there was none.</param>
/// <param name="Text">The reply text, or what the socket ended with.</param>
/// <param name="MethodId">The method that failed; 0 if it was none.</param>
public sealed record CloseReason(ClosedBy By, ushort Code, string Text, uint MethodId)
{
    private const int TextMax = 255;

    /// <summary>Nothing was wrong: the client had finished.</summary>
    public bool IsNormal => By == ClosedBy.Client && Code is 0 or ReplyCode.Success;

    /// <summary>What the broker says in its close, for a mistake or for an operator.</summary>
    internal static CloseReason Of(AmqpException error) => new(
        error.ReplyCode == ReplyCode.ConnectionForced ? ClosedBy.Operator : ClosedBy.Broker, error.ReplyCode,
        Cut(error.ReplyText, TextMax), error.MethodId);

    /// <summary>What the client said in its close.</summary>
    internal static CloseReason OfClient(ushort code, string text, ushort classId, ushort methodId) =>
        new(ClosedBy.Client, code, text, ((uint)classId << 16) | methodId);

    internal static CloseReason Lost(string text) => new(ClosedBy.Lost, 0, Cut(text, TextMax), 0);

    internal static string Cut(string text, int max) => text.Length <= max ? text : text[..max];
}
