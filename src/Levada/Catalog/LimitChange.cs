using System.Text.Json;
using Levada.Auth;
using Levada.Policies;
using Levada.Protocol;

namespace Levada.Catalog;

/// <summary>One limit of a virtual host or user, to be set or taken away.</summary>
/// <param name="Name">Which, as RabbitMQ names it.</param>
/// <param name="Value">Null for none.</param>
public sealed record LimitChange(string Name, int? Value)
{
    public const string MaxConnections = "max-connections";
    public const string MaxQueues = "max-queues";
    public const string MaxChannels = "max-channels";

    /// <summary>A value below 0 is no limit.</summary>
    /// <exception cref="RefusedDefinitionException">It is no whole number; with RabbitMQ's text.</exception>
    public static LimitChange Read(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var limit))
        {
            throw new RefusedDefinitionException(
                $"{name} should be a number, actually was {ErlangTerm.Of(FieldTableJson.ReadValue(value))}");
        }
        return new LimitChange(name, limit < 0 ? null : (int)Math.Min(limit, int.MaxValue));
    }

    /// <exception cref="RefusedDefinitionException">Virtual hosts have no such limit.</exception>
    internal VHostLimits Apply(VHostLimits limits) => Name switch
    {
        MaxConnections => limits with { MaxConnections = Value },
        MaxQueues => limits with { MaxQueues = Value },
        _ => throw Unknown("limits"),
    };

    /// <exception cref="RefusedDefinitionException">Users have no such limit.</exception>
    internal User Apply(User user) => Name switch
    {
        MaxConnections => user with { MaxConnections = Value },
        MaxChannels => user with { MaxChannels = Value },
        _ => throw Unknown("user-limits"),
    };

    private RefusedDefinitionException Unknown(string where) =>
        new($"Unrecognised terms [{{{ErlangTerm.Of(Name)},{Value ?? -1}}}] in {where}");
}
