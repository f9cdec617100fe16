namespace Levada.Platform;

/// <summary>What <see cref="IDisk.Open"/> does about an existing file.</summary>
public enum DiskOpenMode
{
    /// <summary>The file must exist.</summary>
    Existing,

    /// <summary>Created if missing, kept as it is if there.</summary>
    OpenOrCreate,

    /// <summary>Created, or emptied if there.</summary>
    Create,

    /// <summary>Created and unlinked at once: it is gone with its last handle.</summary>
    Unlinked,
}
