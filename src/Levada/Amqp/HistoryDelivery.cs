using Levada.Exchanges;
using Levada.Journal;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// What an x-recent-history exchange remembers goes to a queue, or through an exchange, that is bound to it. Called by
/// whoever makes the binding visible, before the client has its bind-ok.
/// </summary>
internal static class HistoryDelivery
{
    public static void Deliver(Binding binding)
    {
        var messages = binding.Source.History!.Snapshot();
        var batches = new BatchSet(publisher: null);
        var result = new RouteResult();
        foreach (var (bytes, file) in messages)
        {
            var message = new StoredMessage(bytes);
            BasicPropertiesReader.TryRead(message.Properties, out var properties);
            result.Clear();
            if (binding.Exchange is { } exchange)
                Router.Route(exchange, message.RoutingKey, properties, result);
            else
                result.Add(binding.Queue!);
            batches.Add(bytes, properties.DeliveryMode == 2, result.Queues, file);
            file?.Release();
        }

        batches.Post();
    }
}
