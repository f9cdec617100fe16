using System.Globalization;
using Levada.Management.Api;
using Microsoft.AspNetCore.Http;

namespace Levada.Management;

/// <summary>
/// What the web server itself refuses while a request is read is told as everything else is: as JSON, with what to do.
/// </summary>
internal sealed class RequestFaults(BrokerOptions options)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException fault) when (!context.Response.HasStarted)
        {
            await (fault.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Reply.ErrorAsync(context, fault.StatusCode, "payload_too_large", string.Create(
                    CultureInfo.InvariantCulture,
                    $"a request may have {options.HttpRequestMax} bytes, as http_request_max says"))
                : Reply.ErrorAsync(context, fault.StatusCode, "bad_request", fault.Message));
        }
    }
}
