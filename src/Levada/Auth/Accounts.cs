using System.Collections.Immutable;

namespace Levada.Auth;

/// <summary>All users at one moment. Immutable; the catalog makes the next one with each change.</summary>
/// <param name="Users">By name.</param>
/// <param name="Revision">
/// Grows with every change of a user or permission: what was allowed under another revision must be asked again.
/// </param>
public sealed record Accounts(ImmutableDictionary<string, User> Users, int Revision)
{
    public static Accounts None { get; } = new(ImmutableDictionary.Create<string, User>(StringComparer.Ordinal), 0);

    public User? Find(string name) => Users.GetValueOrDefault(name);

    /// <summary>Who acts, by the name that it was let in by: a user, or an operator on the control socket.</summary>
    public User? FindActing(string name) =>
        LocalOperator.IsName(name) ? LocalOperator.Of(name) : Users.GetValueOrDefault(name);

    internal Accounts With(User user) => new(Users.SetItem(user.Name, user), Revision + 1);

    internal Accounts Without(string name) => new(Users.Remove(name), Revision + 1);
}
