using Levada.Catalog;
using Levada.Management.Lists;
using Levada.Policies;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/policies or /api/operator-policies.</summary>
internal sealed class PoliciesEndpoint(Broker broker, bool isOperator)
{
    public Task ListAsync(HttpContext context) =>
        ReplyAsync(context, broker.Catalog.VHosts.Where(vhost => Roles.MaySee(context, broker, vhost.Name)));

    public Task OfVHostAsync(HttpContext context) => ReplyAsync(context, [VHostOf(context)]);

    public Task GetAsync(HttpContext context) => Find(context) is { } policy
        ? Reply.OkAsync(context, PolicyReply.Of(policy), ApiJson.Default.PolicyReply)
        : Reply.NotFoundAsync(context);

    public async Task PutAsync(HttpContext context)
    {
        var (vhost, name) = (VHostOf(context).Name, PathName.Of(context));
        var policy = await RequestBody.ReadAsync(
            context, body => PolicyRules.Read(vhost, name, isOperator, body.Json));
        if (policy is not null)
        {
            await OperatorEndpoint.PutAsync(
                context, Find(context) is not null, by => broker.Actions.SetPolicyAsync(by, policy));
        }
    }

    public Task DeleteAsync(HttpContext context) => Find(context) is { } policy
        ? OperatorEndpoint.AnswerAsync(context, by => broker.Actions.DeletePolicyAsync(by, policy))
        : Reply.NotFoundAsync(context);

    // The path was let through only with one that is there.
    private VHost VHostOf(HttpContext context) => broker.Catalog.FindVHost(PathName.Of(context, "vhost"))!;

    private Policy? Find(HttpContext context) => VHostOf(context).Policies.Of(isOperator).Find(PathName.Of(context));

    private Task ReplyAsync(HttpContext context, IEnumerable<VHost> vhosts)
    {
        IReadOnlyList<PolicyReply> all =
        [
            .. vhosts.OrderBy(static vhost => vhost.Name, StringComparer.Ordinal)
                .SelectMany(vhost => vhost.Policies.Of(isOperator).All).Select(PolicyReply.Of),
        ];
        return ListReply.WriteAsync(context, all, ApiJson.Default.PolicyReply, static reply => reply.Name);
    }
}
