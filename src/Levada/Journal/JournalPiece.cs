namespace Levada.Journal;

/// <summary>Bytes of a chunk that are to be written: whole groups only.</summary>
internal readonly record struct JournalPiece(JournalChunk Chunk, int From, int To);
