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
}
