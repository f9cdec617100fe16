using System.Buffers.Binary;
using Levada.Platform;
using Levada.Storage;

namespace Levada.Offline;

/// <summary>Compares every checksum of a segment, also of messages that nobody waits for any more.</summary>
internal static class SegmentScan
{
    private const int BufferBytes = 1 << 20;

    public static IEnumerable<DataFault> Check(IDisk disk, string path, int shard, long number)
    {
        using var file = disk.Open(path, DiskOpenMode.Existing);
        var scan = new FileScan(BufferBytes);
        scan.Open(file);
        if (SegmentFormat.CheckHeader(scan.Read(0, SegmentFormat.HeaderBytes), shard, number) is { } fault)
        {
            yield return new DataFault($"{path}: {fault}", 0) { Part = new FilePart(path, 0, 0) };
            yield break;
        }

        var end = file.Length;
        long[] starts = [];
        if (ReadFooter(file) is { } footer)
        {
            (end, starts) = footer;
        }
        else
        {
            yield return new DataFault($"{path}: its footer is damaged; its messages are found all the same", 0)
            {
                Part = new FilePart(path, 0, 0),
            };
        }

        for (long at = SegmentFormat.HeaderBytes; at < end;)
        {
            var length = LengthOfWhole(scan, at, end);
            if (length > 0)
            {
                at += length;
                continue;
            }

            var next = NextWhole(scan, at, end, starts);
            yield return new DataFault($"{path}: bytes {at} to {next - 1} are damaged", 0)
            {
                Part = new FilePart(path, at, next - at),
            };
            at = next;
        }
    }

    /// <summary>How many whole messages there are, settled ones included.</summary>
    public static long Count(IDisk disk, string path)
    {
        using var file = disk.Open(path, DiskOpenMode.Existing);
        var scan = new FileScan(BufferBytes);
        scan.Open(file);
        var (end, _) = ReadFooter(file) ?? (file.Length, []);
        var count = 0L;
        for (long at = SegmentFormat.HeaderBytes; LengthOfWhole(scan, at, end) is > 0 and var length; at += length)
            count++;
        return count;
    }

    private static int LengthOfWhole(FileScan scan, long at, long end)
    {
        var length = SegmentFormat.RecordLength(
            scan.Read(at, (int)Math.Min(SegmentFormat.RecordHeaderBytes, end - at)));
        if (length == 0 || length > end - at)
            return 0;
        var record = scan.Read(at, length);
        return record.Length == length && SegmentFormat.IsWhole(record) ? length : 0;
    }

    // Behind the bad one if its length is right, else where the footer says that a block begins.
    private static long NextWhole(FileScan scan, long at, long end, long[] starts)
    {
        var length = SegmentFormat.RecordLength(
            scan.Read(at, (int)Math.Min(SegmentFormat.RecordHeaderBytes, end - at)));
        if (length > 0 && length <= end - at && (at + length == end || LengthOfWhole(scan, at + length, end) > 0))
            return at + length;
        foreach (var start in starts)
        {
            if (start > at && LengthOfWhole(scan, start, end) > 0)
                return start;
        }
        return end;
    }

    private static (long Offset, long[] Starts)? ReadFooter(IDiskFile file)
    {
        var trailer = new byte[SegmentFormat.TrailerBytes];
        if (file.Read(Math.Max(0, file.Length - trailer.Length), trailer) < trailer.Length
            || !SegmentFormat.TryReadTrailer(trailer, out var offset, out var runs) || offset > file.Length)
        {
            return null;
        }

        var footer = new byte[file.Length - offset];
        if (file.Read(offset, footer) < footer.Length || !SegmentFormat.IsFooterWhole(footer))
            return null;
        var starts = new List<long>();
        ReadOnlySpan<byte> at = footer;
        for (var i = 0; i < runs; i++)
        {
            starts.Add(BinaryPrimitives.ReadInt64LittleEndian(at[24..]));
            var blocks = BinaryPrimitives.ReadInt32LittleEndian(at[44..]);
            at = at[SegmentFormat.RunBytes..];
            for (var block = 0; block < blocks; block++, at = at[SegmentFormat.BlockStartBytes..])
                starts.Add(BinaryPrimitives.ReadInt64LittleEndian(at[8..]));
        }
        return (offset, [.. starts.Order()]);
    }
}
