using Levada.Management.Api;
using static Levada.Management.OpenApi.Operation;

namespace Levada.Management.OpenApi;

/// <summary>Users, what they may do, and how much.</summary>
internal static class AccountOperations
{
    private const string Limit = """{"value":100}""";

    public static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation>
    {
        ["GET /api/whoami"] = One("The user that asks", ApiJson.Default.WhoAmIReply),
        ["GET /api/auth/hash_password/{password}"] = One(
            "A password's hash, as definitions have it", ApiJson.Default.HashReply),
        ["PUT /api/auth/hash_password"] = Asked(
            "The same, by its body", ApiJson.Default.HashReply, """{"password":"secret"}"""),
        ["GET /api/users/{name}/queues"] = List(
            "The exclusive queues that connections of the user have", ApiJson.Default.QueueReply),
        ["POST /api/auth/hash_password/{password}"] = One("The same", ApiJson.Default.HashReply),
        ["GET /api/users"] = List("Users", ApiJson.Default.UserReply),
        ["GET /api/users/without-permissions"] = List("Those who may do nothing", ApiJson.Default.UserReply),
        ["POST /api/users/bulk-delete"] = Done("Deletes users", """{"users":["a","b"]}"""),
        ["GET /api/users/{name}"] = One("A user", ApiJson.Default.UserReply),
        ["PUT /api/users/{name}"] = Made("Adds or changes a user", """{"password":"secret","tags":"monitoring"}"""),
        ["DELETE /api/users/{name}"] = Done("Deletes a user and closes its connections"),
        ["GET /api/users/{name}/permissions"] = List("Its permissions", ApiJson.Default.PermissionReply),
        ["GET /api/users/{name}/topic-permissions"] = List(
            "Its topic permissions", ApiJson.Default.TopicPermissionReply),
        ["GET /api/permissions"] = List("Permissions", ApiJson.Default.PermissionReply),
        ["GET /api/permissions/{vhost}/{user}"] = One("Those of a user", ApiJson.Default.PermissionReply),
        ["PUT /api/permissions/{vhost}/{user}"] = Made(
            "Sets them", """{"configure":".*","write":".*","read":".*"}"""),
        ["DELETE /api/permissions/{vhost}/{user}"] = Done("Takes them away"),
        ["GET /api/topic-permissions"] = List("Topic permissions", ApiJson.Default.TopicPermissionReply),
        ["GET /api/topic-permissions/{vhost}/{user}"] = List("Those of a user", ApiJson.Default.TopicPermissionReply),
        ["PUT /api/topic-permissions/{vhost}/{user}"] = Made(
            "Sets one", """{"exchange":"amq.topic","write":"^{username}","read":".*"}"""),
        ["DELETE /api/topic-permissions/{vhost}/{user}"] = Done("Takes them away"),
        ["GET /api/vhosts/{name}/permissions"] = List(
            "Permissions in a virtual host", ApiJson.Default.PermissionReply),
        ["GET /api/vhosts/{name}/topic-permissions"] = List(
            "Topic permissions in a virtual host", ApiJson.Default.TopicPermissionReply),
        ["GET /api/user-limits"] = List("Limits of users", ApiJson.Default.LimitsReply),
        ["GET /api/user-limits/{user}"] = List("Those of a user", ApiJson.Default.LimitsReply),
        ["PUT /api/user-limits/{user}/{name}"] = Done("Sets max-connections or max-channels", Limit),
        ["DELETE /api/user-limits/{user}/{name}"] = Done("Takes it away"),
        ["GET /api/vhost-limits"] = List("Limits of virtual hosts", ApiJson.Default.LimitsReply),
        ["GET /api/vhost-limits/{vhost}"] = List("Those of a virtual host", ApiJson.Default.LimitsReply),
        ["PUT /api/vhost-limits/{vhost}/{name}"] = Done("Sets max-connections or max-queues", Limit),
        ["DELETE /api/vhost-limits/{vhost}/{name}"] = Done("Takes it away"),
    };
}
