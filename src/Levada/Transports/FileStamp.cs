namespace Levada.Transports;

/// <summary>What tells, without reading it, that a file has changed. All zero for one that is not there.</summary>
internal readonly record struct FileStamp(long Length, long LastWriteTicks)
{
    public static FileStamp Of(string path)
    {
        try
        {
            // By its handle: links, of folders too, are followed, and one that leads elsewhere now is a change.
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            return new FileStamp(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file).Ticks);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Who reads it is told why.
            return default;
        }
    }
}
