using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/global-parameters.</summary>
internal sealed class GlobalParametersEndpoint(Broker broker)
{
    public Task ListAsync(HttpContext context)
    {
        IReadOnlyList<ParameterReply> all =
        [
            .. broker.Catalog.GlobalParameters.Select(static one => ParameterReply.OfGlobal(one.Key, one.Value)),
        ];
        return ListReply.WriteAsync(context, all, ApiJson.Default.ParameterReply, static reply => reply.Name);
    }

    public Task GetAsync(HttpContext context)
    {
        var name = PathName.Of(context);
        return broker.Catalog.GlobalParameters.TryGetValue(name, out var json)
            ? Reply.OkAsync(context, ParameterReply.OfGlobal(name, json), ApiJson.Default.ParameterReply)
            : Reply.NotFoundAsync(context);
    }

    public async Task PutAsync(HttpContext context)
    {
        var name = PathName.Of(context);
        if (await RequestBody.ReadAsync(context, static body => ParameterValue.Of(body).GetRawText()) is { } json)
        {
            await OperatorEndpoint.PutAsync(
                context, broker.Catalog.GlobalParameters.ContainsKey(name),
                by => broker.Actions.SetGlobalParameterAsync(by, name, json));
        }
    }

    public Task DeleteAsync(HttpContext context)
    {
        var name = PathName.Of(context);
        return broker.Catalog.GlobalParameters.ContainsKey(name)
            ? OperatorEndpoint.AnswerAsync(context, by => broker.Actions.DeleteGlobalParameterAsync(by, name))
            : Reply.NotFoundAsync(context);
    }
}
