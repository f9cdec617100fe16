using System.Collections.Immutable;

namespace Levada.Auth;

/// <summary>A user with all that is known of it. Immutable: a change gives another one.</summary>
public sealed record User(string Name)
{
    /// <summary>Null: cannot log in with a password.</summary>
    public PasswordHash? Password { get; init; }

    /// <summary>Such as administrator, monitoring, impersonator.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>By virtual host; none is no access to it.</summary>
    public ImmutableDictionary<string, Permissions> Permissions { get; init; } =
        ImmutableDictionary<string, Permissions>.Empty;

    /// <summary>By virtual host and exchange.</summary>
    public ImmutableDictionary<(string VHost, string Exchange), TopicPermissions> TopicPermissions { get; init; } =
        ImmutableDictionary<(string VHost, string Exchange), TopicPermissions>.Empty;

    /// <summary>Connections that it may have open at once; null for no limit.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Channels that it may have open at once, over all its connections; null for no limit.</summary>
    public int? MaxChannels { get; init; }

    public bool HasTag(string tag) => Tags.Contains(tag);

    /// <summary>Null if it has no access to the virtual host.</summary>
    public Permissions? PermissionsIn(string vhost) =>
        LocalOperator.IsName(Name) ? Auth.Permissions.All : Permissions.GetValueOrDefault(vhost);

    /// <summary>With other permissions in a virtual host; null takes them away.</summary>
    internal User With(string vhost, Permissions? permissions) => this with
    {
        Permissions = permissions is null ? Permissions.Remove(vhost) : Permissions.SetItem(vhost, permissions),
    };

    /// <summary>
    /// With other topic permissions on an exchange; null takes them away, on all of the virtual host's without one.
    /// </summary>
    internal User With(string vhost, string? exchange, TopicPermissions? permissions) => this with
    {
        TopicPermissions = permissions is not null
            ? TopicPermissions.SetItem((vhost, exchange!), permissions)
            : TopicPermissions.RemoveRange(TopicPermissions.Keys.Where(
                key => key.VHost == vhost && (exchange is null || key.Exchange == exchange))),
    };
}
