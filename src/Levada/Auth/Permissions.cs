namespace Levada.Auth;

/// <summary>What a user may do in one virtual host. Immutable.</summary>
/// <exception cref="FormatException">One of the three is not a regular expression.</exception>
public sealed class Permissions(string configure, string write, string read)
{
    /// <summary>May do everything.</summary>
    public static Permissions All { get; } = new(".*", ".*", ".*");

    /// <summary>Queues and exchanges that may be declared and deleted.</summary>
    public NamePattern Configure { get; } = new(configure);

    /// <summary>What messages may be put into.</summary>
    public NamePattern Write { get; } = new(write);

    /// <summary>What messages may be taken out of.</summary>
    public NamePattern Read { get; } = new(read);

    public NamePattern this[Right right] => right switch
    {
        Right.Configure => Configure,
        Right.Write => Write,
        _ => Read,
    };
}
