using Levada.Management.Api;
using static Levada.Management.OpenApi.Operation;

namespace Levada.Management.OpenApi;

/// <summary>The node: its figures, health, service, and this document.</summary>
internal static class NodeOperations
{
    private static readonly (string, string)[] LogQuery =
    [
        ("level", "The least severe: debug, info, warning, error, critical"),
        ("category", "As in log.CATEGORY.level; may be repeated"),
    ];

    public static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation>
    {
        ["GET /api/overview"] = One(
            "The broker at a glance: totals, rates, churn, listeners", ApiJson.Default.OverviewReply),
        ["GET /api/health/checks/alarms"] = One("503 while a memory or disk alarm is on", ApiJson.Default.AlarmsReply),
        ["GET /api/health/checks/is-in-service"] = new("503 while the node is drained"),
        ["GET /api/churn"] = List(
            "Connections, channels, consumers and queues that come and go, by user, application, vhost and address",
            ApiJson.Default.ChurnReply),
        ["GET /api/warnings"] = List("Leaks and churn that stand, the oldest first", ApiJson.Default.WarningReply),
        ["GET /api/audit"] = List("What operators asked for, the last one first", ApiJson.Default.AuditReply),
        ["GET /api/drain"] = One("How far a drain is", ApiJson.Default.DrainReply),
        ["POST /api/drain"] = One("Takes the node out of service", ApiJson.Default.DrainReply) with
        {
            Success = 202,
            Query = [("timeout", "Seconds until the clients that are left are closed")],
        },
        ["POST /api/revive"] = Done("Takes the node back into service"),
        ["PUT /api/listeners/suspend"] = Done("Takes no new AMQP connections; those that are there go on"),
        ["PUT /api/listeners/resume"] = Done("Takes new AMQP connections again"),
        ["GET /api/nodes/{name}/memory"] = new("Where the memory of the process is, in bytes")
        {
            MediaType = "application/json",
        },
        ["GET /api/nodes/{name}/memory/relative"] = new("The same in per cent") { MediaType = "application/json" },
        ["POST /api/nodes/gc_collect"] = Done("Gives memory that is not used back to the system"),
        ["POST /api/nodes/{name}/gc_collect"] = Done("The same"),
        ["GET /api/config/effective"] = One(
            "Every key of the configuration, its value and where that is from",
            ApiJson.Default.IReadOnlyListConfigurationRow),
        ["PUT /api/config/effective/{name}"] = Done(
            "Changes a live key until the next reload or start: {\"value\": TEXT}"),
        ["PUT /api/config/reload"] = One("Reads the configuration again", ApiJson.Default.ReloadReply),
        ["POST /api/config/reload"] = One("The same", ApiJson.Default.ReloadReply),
        ["GET /api/logs"] = new("The log: its file, or the last lines")
        {
            MediaType = "text/plain", Query = LogQuery,
        },
        ["GET /api/livelog"] = new("What is logged from now on, as server-sent events")
        {
            MediaType = ServerSentEvents.ContentType, Query = LogQuery,
        },
        ["PUT /api/logs/rotate"] = Done("Begins a new log file"),
        ["POST /api/logs/rotate"] = Done("The same"),
        ["GET /api/events"] = new("What comes and goes, from now on, as server-sent events")
        {
            MediaType = ServerSentEvents.ContentType,
            Query = [("key", "A kind of event or its first words; may be repeated")],
        },
        ["GET /api/openapi.json"] = new("This document") { MediaType = "application/json" },
        ["GET /api"] = new("This document to read") { MediaType = "text/html" },
        ["GET /api/index.html"] = new("The same") { MediaType = "text/html" },
    };
}
