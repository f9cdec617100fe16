using System.Globalization;

namespace Levada.Cli.Server;

/// <summary>The process id in a file, for who supervises the broker by it; gone when the broker has stopped.</summary>
internal sealed class PidFile : IDisposable
{
    private readonly string _path;

    private PidFile(string path) => _path = path;

    /// <summary>Writes it, over one that a killed broker has left; null without a path.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static PidFile? Write(string path)
    {
        if (path.Length == 0)
            return null;
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
        return new PidFile(path);
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One who looks for the process finds none.
            Console.Error.WriteLine($"levada: {_path} cannot be removed: {e.Message}");
        }
    }
}
