namespace Levada.Storage;

/// <summary>How a look for a message on disk ended.</summary>
internal enum ReadResult
{
    /// <summary>There is none.</summary>
    Empty,

    /// <summary>It is there.</summary>
    Found,

    /// <summary>It is being read; <see cref="MessageStore.Readable"/> follows.</summary>
    Loading,

    /// <summary>What is on the disk is not what was written.</summary>
    Damaged,
}
