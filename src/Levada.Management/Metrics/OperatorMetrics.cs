using Levada.Amqp;
using Levada.Management.Api;
using Levada.Operations;

namespace Levada.Management.Metrics;

/// <summary>What operators asked for, and whether the node is in service.</summary>
internal static class OperatorMetrics
{
    public static void Write(MetricsText text, Broker broker)
    {
        text.Family("levada_operator_actions_total", "counter", "Requests of operators, by kind and outcome");
        foreach (var action in Enum.GetValues<OperatorAction>())
        {
            foreach (var outcome in Enum.GetValues<OperatorOutcome>())
            {
                text.Sample(
                    "levada_operator_actions_total", broker.Actions.Audit.CountOf(action, outcome),
                    ("action", AuditReply.Word(action)), ("outcome", AuditReply.Word(outcome)));
            }
        }
        text.Gauge("levada_drained", "1 while the node is drained or has been, and not revived",
            broker.Drain.IsOn ? 1 : 0);
        text.Gauge("levada_listeners_suspended", "1 while no new AMQP connections are taken, by an operator's wish",
            broker.AreListenersSuspended ? 1 : 0);
    }
}
