using Levada.Platform;
using Xunit;

namespace Levada.Tests.Host;

public sealed class OpenFilesTests
{
    private const int Count = 500;

    /// <summary>Other tests open and close files meanwhile, so only what this one opens is sure.</summary>
    [Fact]
    public void Counts_descriptors()
    {
        Assert.True(OperatingSystem.IsLinux());
        var files = new List<FileStream>();
        try
        {
            for (var i = 0; i < Count; i++)
                files.Add(new FileStream("/dev/null", FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            Assert.InRange(OpenFiles.Count(), Count, OpenFiles.Max);
        }
        finally
        {
            files.ForEach(static file => file.Dispose());
        }
    }
}
