using Microsoft.Extensions.Logging;

namespace Levada.Logs;

/// <summary>Something that was logged. Its text is one line, without control characters.</summary>
/// <param name="At">When, in UTC.</param>
/// <param name="Level">How severe.</param>
/// <param name="Category">Its place in <see cref="LogCategories.Names"/>.</param>
/// <param name="Origin">The part of the broker that speaks.</param>
/// <param name="Text">What it says, exceptions included.</param>
public sealed record LogEvent(DateTimeOffset At, LogLevel Level, int Category, string Origin, string Text)
{
    public string CategoryName => LogCategories.Names[Category];

    /// <summary>What it takes in memory, about.</summary>
    internal int Bytes => 100 + (Text.Length * sizeof(char));
}
