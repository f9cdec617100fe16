using System.Globalization;

namespace Levada.Platform;

/// <summary>
/// Keeps a folder to one process: an exclusive lock on a file in it, which the kernel lets go when the process ends
/// however it ends. The process id beside it is only for the message to the second one.
/// </summary>
public sealed class FolderLock : IDisposable
{
    private const string LockFile = "levada.lock";
    private const string ProcessIdFile = "levada.pid";

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Creates the folder if need be and takes it.</summary>
    /// <exception cref="FolderInUseException">Another process (or another broker in this one) has it.</exception>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    public static FolderLock Acquire(string folder)
    {
        Directory.CreateDirectory(folder);
        FileStream file;
        try
        {
            file = new FileStream(
                Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            throw new FolderInUseException(Path.GetFullPath(folder), ReadProcessId(folder), e);
        }

        File.WriteAllText(
            Path.Combine(folder, ProcessIdFile), Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        return new FolderLock(file);
    }

    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK (11) from flock, or ERROR_SHARING_VIOLATION (0x20) on Windows.
    private static bool IsHeldByAnother(IOException e) => (e.HResult & 0xFFFF) is 11 or 0x20;

    private static int? ReadProcessId(string folder)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(folder, ProcessIdFile));
            return int.TryParse(text, NumberStyles.None | NumberStyles.AllowTrailingWhite,
                CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The number is a courtesy; the refusal stands without it.
            return null;
        }
    }
}
