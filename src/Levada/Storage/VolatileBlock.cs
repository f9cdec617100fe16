namespace Levada.Storage;

/// <summary>One block of the volatile window: messages behind each other, each with its length before it.</summary>
internal sealed class VolatileBlock(int number, byte[] bytes)
{
    /// <summary>Its place in the window's table; reused after the block is given back.</summary>
    public int Number { get; } = number;

    public byte[] Bytes { get; } = bytes;

    /// <summary>Bytes used so far.</summary>
    public int Used { get; set; }

    /// <summary>Entries that point into it.</summary>
    public int Live { get; set; }

    /// <summary>Being copied to a segment: it stays as it is until that is done.</summary>
    public bool IsRetiring { get; set; }
}
