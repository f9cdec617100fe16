using System.Collections.Immutable;
using Levada.Auth;

namespace Levada.Definitions;

/// <summary>
/// A user as a definitions file or a request has it. As in RabbitMQ one without password and hash cannot log in with a
/// password.
/// </summary>
/// <param name="Password">Null for none.</param>
/// <param name="Tags">Such as administrator.</param>
/// <param name="MaxConnections">Null for what it was.</param>
/// <param name="MaxChannels">Null for what it was.</param>
public sealed record UserDefinition(
    PasswordHash? Password, ImmutableArray<string> Tags, int? MaxConnections, int? MaxChannels)
{
    /// <param name="from">The object.</param>
    /// <param name="defaultAlgorithm">Of a hash that names none.</param>
    /// <exception cref="FormatException">It cannot be a user.</exception>
    public static UserDefinition Read(DefinitionObject from, string defaultAlgorithm = PasswordHash.Sha256)
    {
        var tags = from.TextsOrNull("tags") ?? throw from.Fault("tags_not_present");
        var limits = from.ObjectOrNull("limits");
        return new UserDefinition(
            ReadPassword(from, defaultAlgorithm), [.. tags], limits?.NumberOrNull("max-connections"),
            limits?.NumberOrNull("max-channels"));
    }

    /// <summary>The user so, with the permissions that it has.</summary>
    /// <param name="old">As it is; a new one with its name and nothing else if there is none.</param>
    public User Apply(User old) => old with
    {
        Password = Password,
        Tags = Tags,
        MaxConnections = MaxConnections ?? old.MaxConnections,
        MaxChannels = MaxChannels ?? old.MaxChannels,
    };

    private static PasswordHash? ReadPassword(DefinitionObject from, string defaultAlgorithm)
    {
        var (password, hash) = (from.TextOrNull("password"), from.TextOrNull("password_hash"));
        if (password is not null && hash is not null)
            throw from.Fault("both_password_and_password_hash_are_provided");
        if (password is { Length: > 0 })
            return PasswordHash.Create(password);
        if (hash is not { Length: > 0 })
            return null;
        var algorithm = from.TextOrNull("hashing_algorithm") ?? PasswordHash.Guess(hash, defaultAlgorithm);
        try
        {
            return PasswordHash.Parse(hash, algorithm);
        }
        catch (FormatException fault)
        {
            throw from.Fault("password_hash", $"cannot be taken over: {fault.Message}");
        }
    }
}
