using System.Runtime.CompilerServices;
using Xunit;

namespace Levada.Tests;

/// <summary>
/// A fact of a rule where Levada differs from other brokers on purpose: skipped when the suite tests another one.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LevadaFactAttribute : FactAttribute
{
    public LevadaFactAttribute(
        [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = "only Levada does this";
        SkipType = typeof(TestBroker);
        SkipWhen = nameof(TestBroker.IsForeign);
    }
}
