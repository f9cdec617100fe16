using Levada.Amqp;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Exchanges;

/// <summary>
/// From a message to its queues: the exchange's bindings, the exchanges those lead to (each once, so cycles end), the
/// alternates of those that led nowhere, and the same for every further key in CC and BCC. Called on the publisher's
/// thread; takes no lock and allocates nothing.
/// </summary>
public static class Router
{
    /// <summary>
    /// Fills the result with the queues of one message; none if it cannot be routed. Whoever keeps the result for later
    /// messages reads <see cref="Exchange.Version"/> before the call.
    /// </summary>
    /// <param name="exchange">Where it was published.</param>
    /// <param name="routingKey">The key of basic.publish.</param>
    /// <param name="properties">The message's.</param>
    /// <param name="result">Cleared first.</param>
    /// <exception cref="AmqpException">A CC or BCC header is not an array: 406, closes the channel.</exception>
    public static void Route(
        Exchange exchange, ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        result.Clear();
        Walk(exchange, routingKey, properties, result);
    }

    /// <summary>Adds the queues that the message leads to by now; those found before stay.</summary>
    internal static void RouteAgain(
        Exchange exchange, ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        result.Restart();
        Walk(exchange, routingKey, properties, result);
    }

    private static void Walk(
        Exchange exchange, ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        var headers = properties.HeadersBytes;
        var copies = HasCarbonCopies(headers);
        if (copies)
            result.IsRepeatable = false;
        result.Exchanges.Add(exchange);
        for (var i = 0; i < result.Exchanges.Count; i++)
        {
            var here = result.Exchanges.Items[i];
            var before = result.Found;
            var isHeldBack = here.HoldingQueue is { } waiting && HoldBack(waiting, headers, result);
            if (!isHeldBack)
                RouteAt(here, routingKey, properties, result);
            if (copies)
            {
                // Walked in any case: what is no array of keys is refused wherever it is published.
                for (var copy = new CarbonCopies(headers); copy.MoveNext();)
                {
                    if (here.Unbound.HeedsCopies && !isHeldBack)
                        RouteAt(here, copy.Current, properties, result);
                }
            }

            if (result.Found == before && here.AlternateUtf8 is { } name)
                VisitAlternate(here, name, result);
        }
    }

    /// <summary>
    /// Whether a message names further routing keys in its headers, and so must be routed by itself whatever is known
    /// about its exchange and key.
    /// </summary>
    /// <param name="headers">The entries of the message's headers table, checked; empty if it has none.</param>
    public static bool HasCarbonCopies(ReadOnlySpan<byte> headers) => !headers.IsEmpty && CarbonCopies.Any(headers);

    private static void RouteAt(
        Exchange exchange, ReadOnlySpan<byte> routingKey, in BasicPropertiesReader properties, RouteResult result)
    {
        if (!exchange.IsDefault)
            exchange.Bindings.Route(routingKey, properties, result);
        else if (exchange.Names.FindQueue(routingKey) is { } queue)
            result.Add(queue);
    }

    // All its keys are routed when its time has come.
    private static bool HoldBack(Queue queue, ReadOnlySpan<byte> headers, RouteResult result)
    {
        result.IsRepeatable = false;
        if (Delay.Of(headers) == 0)
            return false;
        result.AddDelayed(queue);
        return true;
    }

    private static void VisitAlternate(Exchange exchange, byte[] name, RouteResult result)
    {
        if (exchange.Names.FindExchange(name) is not { } alternate)
            return;
        // A queue that comes or goes raises no version, so what the default exchange finds holds for this message only.
        if (alternate.IsDefault)
            result.IsRepeatable = false;
        result.Exchanges.Add(alternate);
    }
}
