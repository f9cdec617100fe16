using Levada.Catalog;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/parameters.</summary>
internal sealed class ParametersEndpoint(Broker broker)
{
    public Task ListAsync(HttpContext context) => ReplyAsync(context, Visible(context));

    public Task OfComponentAsync(HttpContext context)
    {
        var component = PathName.Of(context, "component");
        return ReplyAsync(context, Visible(context).Where(parameter => parameter.Component == component));
    }

    public Task OfVHostAsync(HttpContext context)
    {
        var component = PathName.Of(context, "component");
        return ReplyAsync(
            context, ParameterRules.All(VHostOf(context)).Where(parameter => parameter.Component == component));
    }

    public Task GetAsync(HttpContext context) => Find(context) is { } parameter
        ? Reply.OkAsync(context, ParameterReply.Of(parameter), ApiJson.Default.ParameterReply)
        : Reply.NotFoundAsync(context);

    public async Task PutAsync(HttpContext context)
    {
        var (vhost, component, name) = (VHostOf(context).Name, PathName.Of(context, "component"), PathName.Of(context));
        var change = await RequestBody.ReadAsync(
            context, body => ParameterRules.Read(vhost, component, name, ParameterValue.Of(body)));
        if (change is not null)
        {
            await OperatorEndpoint.PutAsync(
                context, Find(context) is not null,
                by => broker.Actions.SetParameterAsync(by, component, name, change));
        }
    }

    public Task DeleteAsync(HttpContext context) => Find(context) is { } parameter
        ? OperatorEndpoint.AnswerAsync(context, by => broker.Actions.DeleteParameterAsync(by, parameter))
        : Reply.NotFoundAsync(context);

    private IEnumerable<Parameter> Visible(HttpContext context) => broker.Catalog.VHosts
        .Where(vhost => Roles.MaySee(context, broker, vhost.Name))
        .OrderBy(static vhost => vhost.Name, StringComparer.Ordinal).SelectMany(ParameterRules.All);

    // The path was let through only with one that is there.
    private VHost VHostOf(HttpContext context) => broker.Catalog.FindVHost(PathName.Of(context, "vhost"))!;

    private Parameter? Find(HttpContext context)
    {
        var (component, name) = (PathName.Of(context, "component"), PathName.Of(context));
        return ParameterRules.All(VHostOf(context)).FirstOrDefault(p => p.Component == component && p.Name == name);
    }

    private static Task ReplyAsync(HttpContext context, IEnumerable<Parameter> parameters)
    {
        IReadOnlyList<ParameterReply> all = [.. parameters.Select(ParameterReply.Of)];
        return ListReply.WriteAsync(context, all, ApiJson.Default.ParameterReply, static reply => reply.Name);
    }
}
