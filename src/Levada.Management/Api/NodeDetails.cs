using Levada.History;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>The rates of the node's own figures.</summary>
internal static class NodeDetails
{
    /// <exception cref="Lists.ListFaultException">It asks for too many samples.</exception>
    public static Details Of(Broker broker, BrokerOverview overview, NodeUse use, IQueryCollection query)
    {
        var nowMs = broker.Now.ToUnixTimeMilliseconds();
        var figures = NodeFigures.Take(overview, use);
        return new Details(broker.History.Node, NodeFigures.NumberOf, Rate, nowMs).Heeding(query);

        double Rate(string name)
        {
            var number = NodeFigures.NumberOf(name);
            return broker.History.Node.Rate(number, figures[number], nowMs);
        }
    }
}
