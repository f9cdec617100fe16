using System.Text.Json.Serialization.Metadata;
using Levada.Auth;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>Lists of what users may do, permissions or topic permissions, in the order of their names.</summary>
/// <param name="broker">Whose users.</param>
/// <param name="allOf">What one user has, in order.</param>
/// <param name="nameOf">The user and the virtual host of one of them.</param>
/// <param name="json">How they are written.</param>
internal sealed class PermissionLists<T>(
    Broker broker, Func<User, IEnumerable<T>> allOf, Func<T, (string User, string VHost)> nameOf, JsonTypeInfo<T> json)
{
    public Task AllAsync(HttpContext context) => ReplyAsync(context, static (_, _) => true);

    public Task OfUserAsync(HttpContext context)
    {
        var name = PathName.Of(context);
        return broker.Catalog.Accounts.Find(name) is null
            ? Reply.NotFoundAsync(context)
            : ReplyAsync(context, (user, _) => user == name);
    }

    public Task OfVHostAsync(HttpContext context)
    {
        var name = PathName.Of(context);
        return broker.Catalog.FindVHost(name) is null
            ? Reply.NotFoundAsync(context)
            : ReplyAsync(context, (_, vhost) => vhost == name);
    }

    /// <summary>Those of a user and a virtual host for which this is true.</summary>
    public Task ReplyAsync(HttpContext context, Func<string, string, bool> wanted)
    {
        IReadOnlyList<T> all =
        [
            .. broker.Catalog.Accounts.Users.Values.OrderBy(static user => user.Name, StringComparer.Ordinal)
                .SelectMany(allOf)
                .Where(one => wanted(nameOf(one).User, nameOf(one).VHost)),
        ];
        return ListReply.WriteAsync(context, all, json, one => nameOf(one).User);
    }
}
