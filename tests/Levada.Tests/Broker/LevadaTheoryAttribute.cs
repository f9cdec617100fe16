using System.Runtime.CompilerServices;
using Xunit;

namespace Levada.Tests;

/// <summary><see cref="LevadaFactAttribute"/> for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LevadaTheoryAttribute : TheoryAttribute
{
    public LevadaTheoryAttribute(
        [CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        Skip = "only Levada does this";
        SkipType = typeof(TestBroker);
        SkipWhen = nameof(TestBroker.IsForeign);
    }
}
