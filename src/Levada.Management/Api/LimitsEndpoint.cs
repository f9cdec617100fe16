using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Management.Lists;
using Levada.Operations;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/vhost-limits and /api/user-limits.</summary>
internal sealed class LimitsEndpoint(Broker broker)
{
    public Task VHostsAsync(HttpContext context) => ReplyAsync(
        context, broker.Catalog.VHosts.Where(vhost => Roles.MaySee(context, broker, vhost.Name)).Select(LimitsOf));

    public Task OfVHostAsync(HttpContext context) => FindVHost(context) is { } vhost
        ? ReplyAsync(context, [LimitsOf(vhost)])
        : Reply.NotFoundAsync(context);

    public Task UsersAsync(HttpContext context) => ReplyAsync(
        context, broker.Catalog.Accounts.Users.Values.Select(LimitsOf));

    public Task OfUserAsync(HttpContext context) => FindUser(context) is { } user
        ? ReplyAsync(context, [LimitsOf(user)])
        : Reply.NotFoundAsync(context);

    public Task PutOfVHostAsync(HttpContext context) =>
        PutAsync(context, FindVHost(context)?.Name, broker.Actions.SetVHostLimitsAsync);

    public Task PutOfUserAsync(HttpContext context) =>
        PutAsync(context, FindUser(context)?.Name, broker.Actions.SetUserLimitsAsync);

    public Task DeleteOfVHostAsync(HttpContext context) =>
        DeleteAsync(context, FindVHost(context)?.Name, broker.Actions.SetVHostLimitsAsync);

    public Task DeleteOfUserAsync(HttpContext context) =>
        DeleteAsync(context, FindUser(context)?.Name, broker.Actions.SetUserLimitsAsync);

    private static async Task PutAsync(
        HttpContext context, string? whose, Func<OperatorRequest, string, LimitChange, Task<OperatorResult>> set)
    {
        if (whose is null)
        {
            await (context.Request.RouteValues.ContainsKey("vhost")
                ? Roles.NoVHostAsync(context)
                : Reply.ErrorAsync(
                    context, StatusCodes.Status404NotFound, "not_found",
                    $"there is no user '{PathName.Of(context, "user")}'"));
            return;
        }
        var change = await RequestBody.ReadAsync(
            context, body => LimitChange.Read(PathName.Of(context), ParameterValue.Of(body)));
        if (change is not null)
            await OperatorEndpoint.AnswerAsync(context, by => set(by, whose, change));
    }

    private static Task DeleteAsync(
        HttpContext context, string? whose, Func<OperatorRequest, string, LimitChange, Task<OperatorResult>> set) =>
        whose is null
            ? Reply.NotFoundAsync(context)
            : OperatorEndpoint.AnswerAsync(context, by => set(by, whose, new LimitChange(PathName.Of(context), null)));

    private static LimitsReply LimitsOf(VHost vhost) => new(
        vhost.Name, null,
        Values(("max-connections", vhost.Limits.MaxConnections), ("max-queues", vhost.Limits.MaxQueues)));

    private static LimitsReply LimitsOf(User user) => new(
        null, user.Name, Values(("max-connections", user.MaxConnections), ("max-channels", user.MaxChannels)));

    private static Dictionary<string, int> Values(params (string Name, int? Value)[] limits) =>
        limits.Where(static limit => limit.Value is not null)
            .ToDictionary(static limit => limit.Name, static limit => limit.Value!.Value);

    private VHost? FindVHost(HttpContext context) => broker.Catalog.FindVHost(PathName.Of(context, "vhost"));

    private User? FindUser(HttpContext context) => broker.Catalog.Accounts.Find(PathName.Of(context, "user"));

    private static Task ReplyAsync(HttpContext context, IEnumerable<LimitsReply> limits)
    {
        IReadOnlyList<LimitsReply> some =
        [
            .. limits.Where(static one => one.Value.Count > 0)
                .OrderBy(static one => one.Vhost ?? one.User, StringComparer.Ordinal),
        ];
        return ListReply.WriteAsync(
            context, some, ApiJson.Default.LimitsReply, static reply => reply.Vhost ?? reply.User ?? "");
    }
}
