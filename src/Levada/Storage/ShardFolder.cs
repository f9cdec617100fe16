using Levada.Platform;

namespace Levada.Storage;

/// <summary>The folder of one shard, made with its first file. Disk threads only.</summary>
internal sealed class ShardFolder(IDisk disk, string path)
{
    private bool _exists;

    public IDisk Disk { get; } = disk;

    public string Path { get; } = path;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the folder, durably, if this run has not done so. Doing it twice does no harm.</summary>
    public void Ensure()
    {
        if (Volatile.Read(ref _exists))
            return;
        Disk.CreateFolder(Path);
        string? shards = System.IO.Path.GetDirectoryName(Path);
        if (!string.IsNullOrEmpty(shards))
            Disk.SyncFolder(shards);
        string? data = System.IO.Path.GetDirectoryName(shards);
        if (!string.IsNullOrEmpty(data))
            Disk.SyncFolder(data);
        Volatile.Write(ref _exists, true);
    }

    /// <summary>A new journal file with its space reserved, durably in the folder.</summary>
    public IDiskFile CreateJournalFile(string filePath, long bytes)
    {
        Ensure();
        IDiskFile file = Disk.Open(filePath, DiskOpenMode.Create);
        try
        {
            file.Allocate(0, bytes);
            Disk.SyncFolder(Path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
