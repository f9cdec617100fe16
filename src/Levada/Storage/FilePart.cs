namespace Levada.Storage;

/// <summary>A stretch of a file.</summary>
/// <param name="Path">Of the file.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Bytes">How long it is; 0 for all that follows.</param>
internal sealed record FilePart(string Path, long Offset, long Bytes);
