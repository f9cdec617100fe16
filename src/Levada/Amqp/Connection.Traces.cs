using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>What those who watch a connection are told at its end.</summary>
public sealed partial class Connection
{
    private void EndTraces()
    {
        if (!Outbox.IsTraced || _closeReason is not { } reason)
            return;
        var words = reason switch
        {
            { By: ClosedBy.Lost } => $"the connection was lost: {reason.Text}",
            { IsNormal: true } => "the connection was closed by the client",
            { MethodId: 0 } => $"the connection was closed by the {Who(reason.By)}: {reason.Code} {reason.Text}",
            _ => $"the connection was closed by the {Who(reason.By)}: {reason.Code} {reason.Text}, caused by "
                + MethodId.Name(reason.MethodId),
        };
        Outbox.EndTraces(words, !reason.IsNormal);

        static string Who(ClosedBy by) => by.ToString().ToLowerInvariant();
    }
}
