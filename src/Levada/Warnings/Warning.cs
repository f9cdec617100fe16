using Levada.Amqp;

namespace Levada.Warnings;

/// <summary>Something that a client should do otherwise, as of the last look. Its texts are cut.</summary>
public sealed record Warning
{
    private const int NameMax = 128;

    /// <summary>One of <see cref="WarningName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>What was seen, with the figures.</summary>
    public required string What { get; init; }

    /// <summary>What to change in the client.</summary>
    public required string Advice { get; init; }

    /// <summary>`peer:port -> host:port`; empty if it is not of one connection, as the next five.</summary>
    public string Connection { get; init; } = "";

    /// <summary>What the client calls its connections.</summary>
    public string ClientName
    {
        get;
        init => field = CloseReason.Cut(value, NameMax);
    } = "";

    public string VHost { get; init; } = "";

    public string User
    {
        get;
        init => field = CloseReason.Cut(value, NameMax);
    } = "";

    /// <summary>`product` of the client properties.</summary>
    public string Product { get; init; } = "";

    /// <summary>The channel's number, if it is of one.</summary>
    public ushort? Channel { get; init; }

    /// <summary>When it began, as far as the looks have seen.</summary>
    public required DateTimeOffset Since { get; init; }

    public required IReadOnlyDictionary<string, double> Figures { get; init; }

    /// <summary>For the log: whom it concerns.</summary>
    public string Who
    {
        get
        {
            if (Connection.Length > 0)
            {
                return $"connection {Connection}{(ClientName.Length > 0 ? $" - {ClientName}" : "")} "
                    + $"(vhost: '{VHost}', user: '{User}', product: '{Product}')"
                    + (Channel is { } number ? $", channel {number}" : "");
            }
            return User.Length > 0 ? $"user '{User}'"
                : Product.Length > 0 ? $"product '{Product}'" : $"connection name '{ClientName}'";
        }
    }

    /// <summary>One that concerns a connection.</summary>
    internal static Warning Of(
        Connection connection, string name, string what, string advice, DateTimeOffset since,
        IReadOnlyDictionary<string, double> figures) => new()
        {
            Name = name,
            What = what,
            Advice = advice,
            Since = since,
            Figures = figures,
            Connection = connection.Name,
            ClientName = connection.ClientName,
            VHost = connection.VHost?.Name ?? "",
            User = connection.UserName ?? "",
            Product = OpenConnections.ProductOf(connection),
        };
}
