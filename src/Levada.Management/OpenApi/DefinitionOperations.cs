using Levada.Management.Api;
using static Levada.Management.OpenApi.Operation;

namespace Levada.Management.OpenApi;

/// <summary>Virtual hosts, policies, parameters, and definitions as a whole.</summary>
internal static class DefinitionOperations
{
    private const string Policy =
        """{"pattern":"^orders\\.","definition":{"max-length":10000},"priority":0,"apply-to":"queues"}""";

    private const string Definitions = """{"vhosts":[{"name":"/"}],"queues":[],"exchanges":[],"bindings":[]}""";

    private static readonly (string, string)[] Import = [("dry_run", "true: only tells what would change")];

    public static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation>
    {
        ["GET /api/vhosts"] = List("Virtual hosts", ApiJson.Default.VHostReply),
        ["GET /api/vhosts/{name}"] = One("A virtual host", ApiJson.Default.VHostReply),
        ["PUT /api/vhosts/{name}"] = Made(
            "Adds or changes a virtual host",
            """{"description":"orders","tags":"production","default_queue_type":"classic","tracing":false}"""),
        ["DELETE /api/vhosts/{name}"] = Done("Deletes a virtual host and all in it"),
        ["POST /api/vhosts/{name}/deletion/protection"] = Done("Protects it against deletion"),
        ["DELETE /api/vhosts/{name}/deletion/protection"] = Done("Protects it no more"),
        ["GET /api/definitions"] = new("Users, virtual hosts, queues, exchanges and all else, for an import")
        {
            MediaType = "application/json",
        },
        ["GET /api/definitions/{vhost}"] = new("Those of a virtual host") { MediaType = "application/json" },
        ["POST /api/definitions"] = Done("Imports definitions, all or nothing", Definitions) with { Query = Import },
        ["POST /api/definitions/upload"] = Done("The same from a form with a file") with { Query = Import },
        ["POST /api/definitions/{vhost}"] = Done("Imports into a virtual host", Definitions) with { Query = Import },
        ["POST /api/definitions/{vhost}/upload"] = Done("The same from a form with a file") with { Query = Import },
        ["GET /api/policies"] = List("Policies", ApiJson.Default.PolicyReply),
        ["GET /api/policies/{vhost}"] = List("Those of a virtual host", ApiJson.Default.PolicyReply),
        ["GET /api/policies/{vhost}/{name}"] = One("A policy", ApiJson.Default.PolicyReply),
        ["PUT /api/policies/{vhost}/{name}"] = Made("Sets a policy", Policy),
        ["DELETE /api/policies/{vhost}/{name}"] = Done("Clears a policy"),
        ["GET /api/operator-policies"] = List("Operator policies", ApiJson.Default.PolicyReply),
        ["GET /api/operator-policies/{vhost}"] = List("Those of a virtual host", ApiJson.Default.PolicyReply),
        ["GET /api/operator-policies/{vhost}/{name}"] = One("An operator policy", ApiJson.Default.PolicyReply),
        ["PUT /api/operator-policies/{vhost}/{name}"] = Made("Sets an operator policy", Policy),
        ["DELETE /api/operator-policies/{vhost}/{name}"] = Done("Clears an operator policy"),
        ["GET /api/parameters"] = List("Parameters of components", ApiJson.Default.ParameterReply),
        ["GET /api/parameters/{component}"] = List("Those of a component", ApiJson.Default.ParameterReply),
        ["GET /api/parameters/{component}/{vhost}"] = List(
            "Those of a component in a virtual host", ApiJson.Default.ParameterReply),
        ["GET /api/parameters/{component}/{vhost}/{name}"] = One("A parameter", ApiJson.Default.ParameterReply),
        ["PUT /api/parameters/{component}/{vhost}/{name}"] = Made("Sets a parameter", """{"value":{}}"""),
        ["DELETE /api/parameters/{component}/{vhost}/{name}"] = Done("Clears a parameter"),
        ["GET /api/global-parameters"] = List("Global parameters", ApiJson.Default.ParameterReply),
        ["GET /api/global-parameters/{name}"] = One("A global parameter", ApiJson.Default.ParameterReply),
        ["PUT /api/global-parameters/{name}"] = Made("Sets a global parameter", """{"value":{}}"""),
        ["DELETE /api/global-parameters/{name}"] = Done("Clears a global parameter"),
    };
}
