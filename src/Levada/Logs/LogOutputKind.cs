namespace Levada.Logs;

/// <summary>Where log lines go; each may have a level of its own.</summary>
public enum LogOutputKind
{
    Console,

    File,

    /// <summary>What is remembered, and shown as it happens.</summary>
    Recent,
}
