namespace Levada.Tests.Host;

/// <summary>A folder that is gone with the test.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("levada-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
