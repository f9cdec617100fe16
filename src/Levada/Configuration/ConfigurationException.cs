namespace Levada.Configuration;

/// <summary>Settings that cannot be used; the message names the place of each and what would be right.</summary>
public sealed class ConfigurationException : Exception
{
    public ConfigurationException(string message)
        : base(message)
    {
        Problems = [message];
    }

    public ConfigurationException(string message, Exception inner)
        : base(message, inner)
    {
        Problems = [message];
    }

    /// <param name="problems">At least one.</param>
    public ConfigurationException(IReadOnlyList<string> problems)
        : base(string.Join('\n', problems))
    {
        Problems = problems;
    }

    public ConfigurationException()
    {
        Problems = [Message];
    }

    /// <summary>One line each.</summary>
    public IReadOnlyList<string> Problems { get; }
}
