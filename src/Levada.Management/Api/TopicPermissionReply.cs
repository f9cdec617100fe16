using Levada.Auth;

namespace Levada.Management.Api;

/// <summary>Which routing keys a user may use on an exchange.</summary>
internal sealed record TopicPermissionReply(string User, string Vhost, string Exchange, string Write, string Read)
{
    public static IEnumerable<TopicPermissionReply> AllOf(User user) => user.TopicPermissions
        .Select(entry => new TopicPermissionReply(
            user.Name, entry.Key.VHost, entry.Key.Exchange, entry.Value.Write, entry.Value.Read))
        .OrderBy(static p => p.Vhost, StringComparer.Ordinal).ThenBy(static p => p.Exchange, StringComparer.Ordinal);
}
