using Levada.Auth;

namespace Levada.Management.Api;

/// <summary>What a user may do in a virtual host.</summary>
internal sealed record PermissionReply(string User, string Vhost, string Configure, string Write, string Read)
{
    public static PermissionReply Of(User user, string vhost, Permissions p) =>
        new(user.Name, vhost, p.Configure.Pattern, p.Write.Pattern, p.Read.Pattern);
}
