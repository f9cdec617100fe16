using Levada.Auth;

namespace Levada.Management.Api;

/// <summary>A user, as administrators see it.</summary>
internal sealed record UserReply(
    string Name, string PasswordHash, string HashingAlgorithm, IReadOnlyList<string> Tags,
    IReadOnlyDictionary<string, int> Limits)
{
    public static UserReply Of(User user) => new(
        user.Name, user.Password?.Text ?? "", user.Password?.Algorithm ?? Auth.PasswordHash.Sha256, user.Tags,
        LimitsOf(user));

    private static Dictionary<string, int> LimitsOf(User user)
    {
        var limits = new Dictionary<string, int>();
        if (user.MaxConnections is { } connections)
            limits.Add("max-connections", connections);
        if (user.MaxChannels is { } channels)
            limits.Add("max-channels", channels);
        return limits;
    }
}
