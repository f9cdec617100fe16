namespace Levada.Auth;

/// <summary>
/// Which routing keys a user may write to and bind with on one topic exchange; no entry is no restriction. In the
/// patterns <c>{username}</c> and <c>{vhost}</c> stand for the user and the virtual host. Immutable.
/// </summary>
public sealed class TopicPermissions
{
    /// <exception cref="FormatException">One of the patterns is not a regular expression.</exception>
    public TopicPermissions(string user, string vhost, string write, string read)
    {
        Write = write;
        Read = read;
        _write = new NamePattern(Expand(write));
        _read = new NamePattern(Expand(read));

        // The names are data in the pattern, whatever characters they have.
        string Expand(string pattern) => pattern
            .Replace("{username}", System.Text.RegularExpressions.Regex.Escape(user), StringComparison.Ordinal)
            .Replace("{vhost}", System.Text.RegularExpressions.Regex.Escape(vhost), StringComparison.Ordinal);
    }

    private readonly NamePattern _write;
    private readonly NamePattern _read;

    public string Write { get; }

    public string Read { get; }

    public bool Allows(Right right, string routingKey) =>
        right == Right.Write ? _write.Matches(routingKey) : _read.Matches(routingKey);
}
