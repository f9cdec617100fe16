namespace Levada.Auth;

/// <summary>
/// Who acts through the control socket: whoever the system lets open it. It is an administrator with every right in
/// every virtual host, named after its user of the system, and no user of the catalog: nobody logs in as it.
/// </summary>
public static class LocalOperator
{
    /// <summary>Users of the catalog have no such names.</summary>
    public const string Prefix = "local:";

    /// <summary>Why a user or a login with such a name is refused.</summary>
    public const string Refusal = "names that begin with 'local:' belong to operators on the control socket";

    /// <summary>The name of one in the audit and the log.</summary>
    /// <param name="systemUser">The user of the system.</param>
    public static string NameOf(string systemUser) => Prefix + systemUser;

    /// <summary>Whether a name is one's.</summary>
    public static bool IsName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>What is known of one.</summary>
    internal static User Of(string name) => new(name) { Tags = ["administrator"] };
}
