namespace Levada.Platform;

/// <summary>
/// The file operations that durability rests on. Two implementations: the operating system's, and a simulated one
/// in the tests that forgets unsynced pages, tears writes, fills up and flips bits.
/// All members throw <see cref="IOException"/>; a full disk is <see cref="DiskFullException"/>.
/// </summary>
public interface IDisk
{
    /// <summary>Opens a file for reading and writing.</summary>
    IDiskFile Open(string path, DiskOpenMode mode);

    bool Exists(string path);

    /// <summary>The names (not paths) of the files in a folder; none if the folder does not exist.</summary>
    IReadOnlyList<string> List(string folder);

    void CreateFolder(string path);

    void Delete(string path);

    /// <summary>Replaces <paramref name="to"/> if it exists.</summary>
    void Rename(string from, string to);

    /// <summary>Makes creations, renames and deletions in the folder durable.</summary>
    void SyncFolder(string path);

    /// <summary>Bytes free for this process on the file system that holds the folder.</summary>
    long FreeBytes(string folder);
}
