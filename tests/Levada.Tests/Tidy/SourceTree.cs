namespace Levada.Tests.Tidy;

/// <summary>The repository's own files, as the tidy tests read them.</summary>
internal static class SourceTree
{
    /// <summary>The folder with Levada.slnx, above the tests' binaries.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file that is written by hand.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = [.. Read("src"), .. Read("tests"), .. Read("bench")];

    /// <summary>Those that go into the broker.</summary>
    public static IReadOnlyList<SourceFile> Source { get; } =
        [.. All.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal))];

    public static bool Exists(string path) =>
        File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    private static IEnumerable<SourceFile> Read(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)
                && !f.Contains("/node_modules/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(f => new SourceFile(f, File.ReadAllLines(Path.Combine(Root, f))));

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Levada.slnx")))
                return folder;
        }

        throw new InvalidOperationException($"no Levada.slnx above {AppContext.BaseDirectory}");
    }
}
