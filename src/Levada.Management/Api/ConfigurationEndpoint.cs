using Levada.Configuration;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/config: what the broker is told, and telling it anew.</summary>
internal sealed class ConfigurationEndpoint(Broker broker)
{
    /// <summary>Every key with its value, its source, and what a restart would make of it.</summary>
    public Task EffectiveAsync(HttpContext context) => Reply.OkAsync(
        context, broker.Configuration.Rows(), ApiJson.Default.IReadOnlyListConfigurationRow);

    /// <summary>{"value": "TEXT"} for one live key, until the next reload or start.</summary>
    public async Task SetAsync(HttpContext context)
    {
        var value = await RequestBody.ReadAsync(
            context, static body => body.TextOrNull("value") ?? throw body.Fault("value", "is missing"));
        if (value is null)
            return;
        await OperatorEndpoint.AnswerAsync(
            context, by => broker.Actions.SetConfigurationAsync(by, PathName.Of(context), value));
    }

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
