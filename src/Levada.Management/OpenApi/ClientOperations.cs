using Levada.Management.Api;
using static Levada.Management.OpenApi.Operation;

namespace Levada.Management.OpenApi;

/// <summary>Connections, channels and consumers, what was closed, and traces.</summary>
internal static class ClientOperations
{
    private const string Prefetch = """{"prefetch_count":50}""";
    private const string Trace = """{"seconds":60,"bytes":1048576,"body_bytes":0}""";

    private static readonly (string, string)[] TraceQuery =
    [
        ("since", "Only entries after this number"),
        ("limit", "So many at most, 1,000 unless said"),
        ("format", "json or text"),
    ];

    public static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation>
    {
        ["GET /api/connections"] = List("Open connections", ApiJson.Default.ConnectionReply),
        ["GET /api/connections/summary"] = One(
            "Open connections summed up by application, the group with most channels first",
            ApiJson.Default.IReadOnlyListConnectionGroupReply) with
        {
            Query =
            [
                ("group_by", "user, vhost, product, platform, connection_name, peer_host, state; with commas"),
                ("vhost", "Only those of this virtual host"),
            ],
        },
        ["GET /api/connections/closed"] = List(
            "Connections that were closed, and why; the last one first", ApiJson.Default.ClosedReply),
        ["GET /api/connections/{name}"] = One("A connection", ApiJson.Default.ConnectionReply),
        ["DELETE /api/connections/{name}"] = Done("Closes a connection; the header X-Reason tells the client why"),
        ["GET /api/connections/{name}/channels"] = List("Its channels", ApiJson.Default.ChannelReply),
        ["GET /api/connections/username/{name}"] = List("Those of a user", ApiJson.Default.ConnectionReply),
        ["DELETE /api/connections/username/{name}"] = Done("Closes the connections of a user"),
        ["GET /api/vhosts/{name}/connections"] = List("Those to a virtual host", ApiJson.Default.ConnectionReply),
        ["GET /api/channels"] = List("Open channels", ApiJson.Default.ChannelReply),
        ["GET /api/channels/closed"] = List(
            "Channels that were closed by an error, and why; the last one first", ApiJson.Default.ClosedReply),
        ["GET /api/channels/{name}"] = One("A channel, with its consumers", ApiJson.Default.ChannelReply),
        ["GET /api/vhosts/{name}/channels"] = List("Those in a virtual host", ApiJson.Default.ChannelReply),
        ["DELETE /api/channels/{name}"] = Done("Closes a channel and not its connection; with the header X-Reason"),
        ["PUT /api/channels/{name}"] = Done("Sets the prefetch of all its consumers", Prefetch),
        ["PUT /api/channels/{name}/pause"] = Done("Stops its deliveries"),
        ["PUT /api/channels/{name}/resume"] = Done("Lets its deliveries go on"),
        ["POST /api/channels/{name}/requeue"] = Done("Puts back what it has unacknowledged"),
        ["GET /api/consumers"] = List("Consumers", ApiJson.Default.ConsumerReply),
        ["GET /api/consumers/{vhost}"] = List("Those in a virtual host", ApiJson.Default.ConsumerReply),
        ["PUT /api/consumers/{vhost}/{name}/{channel}/{tag}"] = Done("Sets the prefetch of a consumer", Prefetch),
        ["DELETE /api/consumers/{vhost}/{name}/{channel}/{tag}"] = Done("Cancels a consumer"),
        ["PUT /api/connections/{name}/trace"] = Asked(
            "Records the methods of a connection", ApiJson.Default.TraceReply, Trace) with
        { Success = 201 },
        ["GET /api/connections/{name}/trace"] = One("What was recorded", ApiJson.Default.TraceReply) with
        {
            Query = TraceQuery,
        },
        ["DELETE /api/connections/{name}/trace"] = Done("Stops recording, or forgets what was recorded"),
        ["PUT /api/channels/{name}/trace"] = Asked(
            "Records the methods of a channel", ApiJson.Default.TraceReply, Trace) with
        { Success = 201 },
        ["GET /api/channels/{name}/trace"] = One("What was recorded", ApiJson.Default.TraceReply) with
        {
            Query = TraceQuery,
        },
        ["DELETE /api/channels/{name}/trace"] = Done("Stops recording, or forgets what was recorded"),
    };
}
