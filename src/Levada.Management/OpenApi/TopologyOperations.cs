using Levada.Management.Api;
using static Levada.Management.OpenApi.Operation;

namespace Levada.Management.OpenApi;

/// <summary>Exchanges, bindings, queues and the messages in them.</summary>
internal static class TopologyOperations
{
    private const string Exchange = "/api/exchanges/{vhost}/{name}";
    private const string Queue = "/api/queues/{vhost}/{name}";
    private const string Ends = "/api/bindings/{vhost}/e/{source}/{kind}/{destination}";

    public static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation>
    {
        ["GET /api/exchanges"] = List("Exchanges", ApiJson.Default.ExchangeReply),
        ["GET /api/exchanges/{vhost}"] = List("Those of a virtual host", ApiJson.Default.ExchangeReply),
        [$"GET {Exchange}"] = One("An exchange", ApiJson.Default.ExchangeReply),
        [$"PUT {Exchange}"] = Made(
            "Declares an exchange",
            """{"type":"topic","durable":true,"auto_delete":false,"internal":false,"arguments":{}}"""),
        [$"DELETE {Exchange}"] = Done("Deletes an exchange") with
        {
            Query = [("if-unused", "true: only if nothing is bound to it")],
        },
        [$"POST {Exchange}/publish"] = Asked(
            "Publishes a message", ApiJson.Default.RoutedReply,
            """{"routing_key":"a","payload":"hello","payload_encoding":"string","properties":{}}"""),
        ["GET /api/queues/detailed"] = List("Queues", ApiJson.Default.QueueReply),
        [$"GET {Queue}/bindings"] = List("Bindings to it", ApiJson.Default.BindingReply),
        [$"POST {Queue}/actions"] = Done("Nothing: it has no mirrors", """{"action":"sync"}"""),
        [$"PUT {Queue}/restart"] = Done("Nothing: a queue that is there runs"),
        [$"GET {Exchange}/bindings/source"] = List("Bindings from it", ApiJson.Default.BindingReply),
        [$"GET {Exchange}/bindings/destination"] = List("Bindings to it", ApiJson.Default.BindingReply),
        ["GET /api/bindings"] = List("Bindings", ApiJson.Default.BindingReply),
        ["GET /api/bindings/{vhost}"] = List("Those of a virtual host", ApiJson.Default.BindingReply),
        [$"GET {Ends}"] = List(
            "Bindings between an exchange and a queue (q) or an exchange (e)", ApiJson.Default.BindingReply),
        [$"POST {Ends}"] = Made("Binds them", """{"routing_key":"orders.#","arguments":{}}"""),
        [$"GET {Ends}/{{props}}"] = One("One of these bindings", ApiJson.Default.BindingReply),
        [$"DELETE {Ends}/{{props}}"] = Done("Unbinds it"),
        ["GET /api/queues"] = List("Queues", ApiJson.Default.QueueReply),
        ["GET /api/queues/{vhost}"] = List("Those of a virtual host", ApiJson.Default.QueueReply),
        [$"GET {Queue}"] = One("A queue", ApiJson.Default.QueueReply),
        [$"PUT {Queue}"] = Made("Declares a queue", """{"durable":true,"auto_delete":false,"arguments":{}}"""),
        [$"DELETE {Queue}"] = Done("Deletes a queue") with
        {
            Query = [("if-unused", "true: only without consumers"), ("if-empty", "true: only without messages")],
        },
        [$"DELETE {Queue}/contents"] = Done("Purges it: all that is ready goes"),
        [$"GET {Queue}/unacked"] = List(
            "Its unacknowledged messages: who has them, since when", ApiJson.Default.UnacknowledgedReply),
        [$"PUT {Queue}/pause"] = Done("Stops its deliveries, over restarts too"),
        [$"PUT {Queue}/resume"] = Done("Lets its deliveries go on"),
        [$"GET {Queue}/messages"] = One(
            "Looks at messages by position and takes none", ApiJson.Default.IReadOnlyListMessageReply) with
        {
            Query = [("offset", "Of the first, from 0"), ("count", "So many at most"), ("encoding", "auto or base64"),
                ("truncate", "Bytes of each body")],
        },
        [$"POST {Queue}/get"] = Asked(
            "Gets messages", ApiJson.Default.IReadOnlyListMessageReply,
            """{"count":1,"ackmode":"ack_requeue_true","encoding":"auto","truncate":50000}"""),
        [$"POST {Queue}/move"] = Asked(
            "Moves messages to another queue", ApiJson.Default.MoveReply,
            """{"destination":"other","count":100,"routing_key":"orders.new","headers":{"tenant":"a"}}"""),
    };
}
