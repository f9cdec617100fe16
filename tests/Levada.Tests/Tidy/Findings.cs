using Xunit;

namespace Levada.Tests.Tidy;

/// <summary>Places that break a rule of the house.</summary>
internal static class Findings
{
    /// <summary>Fails with all of them, a line each.</summary>
    public static void AssertNone(IEnumerable<string> places)
    {
        var all = places.ToList();
        Assert.True(all.Count == 0, $"{all.Count} found:\n{string.Join('\n', all)}");
    }
}
