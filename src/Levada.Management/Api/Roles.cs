using Levada.Auth;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// Lets a request pass only if its user has a tag for it, as RabbitMQ divides them: an administrator may do everything,
/// monitoring sees what is others', policymaker sets policies, and each of them is a management user, as everybody must
/// be to come here at all.
/// </summary>
internal sealed class Roles(Broker broker)
{
    private static readonly string[] ManagementTags = ["administrator", "monitoring", "policymaker", "management"];

    public RequestDelegate Administrator(RequestDelegate next) =>
        Require(next, "Not administrator user", "administrator");

    public RequestDelegate Monitor(RequestDelegate next) =>
        Require(next, "Not monitor user", "administrator", "monitoring");

    public RequestDelegate PolicyMaker(RequestDelegate next) =>
        Require(next, "User not authorised to access object", "administrator", "policymaker");

    /// <summary>Whether a user may use the API: who has none of these tags is told nothing but so.</summary>
    public static bool MayEnter(User user) => ManagementTags.Any(user.HasTag);

    /// <summary>A user who may see the virtual host that the path names.</summary>
    /// <param name="next">Answers.</param>
    /// <param name="part">Where in the path its name is.</param>
    public RequestDelegate InVHost(RequestDelegate next, string part = "vhost") => context =>
    {
        var vhost = PathName.Of(context, part);
        if (broker.Catalog.FindVHost(vhost) is null)
            return HttpMethods.IsPut(context.Request.Method) ? NoVHostAsync(context) : Reply.NotFoundAsync(context);
        return MaySee(context, broker, vhost)
            ? next(context)
            : RefuseAsync(context, "User not authorised to access virtual host");
    };

    /// <summary>What RabbitMQ says to a PUT there.</summary>
    public static Task NoVHostAsync(HttpContext context) =>
        Reply.ErrorAsync(context, StatusCodes.Status404NotFound, "not_found", "vhost_not_found");

    /// <summary>The user that asks, as it is now; null if it was deleted since it logged in.</summary>
    public static User? Asking(HttpContext context, Broker broker) =>
        broker.Catalog.Accounts.FindActing(context.User.Identity?.Name ?? "");

    /// <summary>Whether the asking user may see a virtual host: it has permissions there, or sees all.</summary>
    public static bool MaySee(HttpContext context, Broker broker, string vhost) =>
        Asking(context, broker) is { } user
        && (user.Permissions.ContainsKey(vhost) || broker.MayMonitor(user.Name));

    public static Task RefuseAsync(HttpContext context, string reason) =>
        Reply.ErrorAsync(context, StatusCodes.Status401Unauthorized, "not_authorised", reason);

    private RequestDelegate Require(RequestDelegate next, string refusal, params string[] tags) => context =>
        Asking(context, broker) is { } user && tags.Any(user.HasTag) ? next(context) : RefuseAsync(context, refusal);
}
