using Levada.Configuration;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/config: what the broker is told, and telling it anew.</summary>
internal sealed class ConfigurationEndpoint(Broker broker)
{
    /// <summary>Every key with its value, its source, and what a restart would make of it.</summary>
    public Task EffectiveAsync(HttpContext context) => Reply.OkAsync(
        context, broker.Configuration.Rows(), ApiJson.Default.IReadOnlyListConfigurationRow);

    /// <summary>As SIGHUP: what has changed and what needs a restart; 400 if it cannot be.</summary>
    public async Task ReloadAsync(HttpContext context)
    {
        ReloadReport? report = null;
        await OperatorEndpoint.AnswerAsync(
            context, by => broker.Actions.ReloadConfigurationAsync(by, made => report = made),
            StatusCodes.Status200OK);
        if (report is not null)
            await Reply.OkAsync(context, ReloadReply.Of(report), ApiJson.Default.ReloadReply);
    }
}
