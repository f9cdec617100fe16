namespace Levada.Auth;

/// <summary>
/// A user who is made in an empty data folder beside the default one, and gets permissions in each new virtual host
/// whose name matches (<c>default_users</c>).
/// </summary>
/// <param name="Name">Who.</param>
/// <param name="VHosts">Where.</param>
/// <param name="Permissions">What it may do there.</param>
public sealed record DefaultUser(string Name, NamePattern VHosts, Permissions Permissions)
{
    /// <summary>Null: it cannot log in with a password.</summary>
    public PasswordHash? Password { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    internal User Made() => new(Name) { Password = Password, Tags = [.. Tags] };

    public override string ToString() => $"{Name} ({VHosts.Pattern}: {string.Join(", ", Tags)})";
}
