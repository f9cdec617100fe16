using Levada.Platform;
using Levada.Protocol;

namespace Levada.Catalog;

/// <summary>
/// The file that keeps the definitions over a restart. Appended to in groups, one sync a group; written anew, in a file
/// that then takes its place, when most of it is history. One thread at a time: first the one that starts the broker,
/// then the writer of <see cref="Commits"/>.
/// </summary>
internal sealed class CatalogLog : IDisposable
{
    private const string FileName = "catalog.log";
    private const string NewName = "catalog.new";
    private const string DamagedName = "catalog.damaged";
    private const int WriteStep = 256 * 1024;

    private readonly IDisk _disk;
    private readonly string _folder;
    private readonly ByteBuffer _buffer = new();
    private readonly RecordWriter _mark = new();
    private IDiskFile? _file;
    private ulong _lastNumber;
    private long _end;
    private long _reserved;
    private long _rewriteAt;

    public CatalogLog(IDisk disk, string folder)
    {
        _disk = disk;
        _folder = folder;
    }

    /// <summary>Octets kept in reserve for deletions and for what is on its way when the disk fills up.</summary>
    public static long ReserveOctets => 512 * 1024;

    /// <summary>A log shorter than this is not worth rewriting.</summary>
    public static long LeastRewriteOctets => 4 * 1024 * 1024;

    /// <summary>Most of the log is history.</summary>
    public bool WantsRewrite => _end >= _rewriteAt;

    private string Path => System.IO.Path.Combine(_folder, FileName);

    private string NewPath => System.IO.Path.Combine(_folder, NewName);

    /// <summary>
    /// Reads what is there; null if there is nothing yet. <see cref="Rewrite"/> must follow if that is so.
    /// </summary>
    /// <exception cref="IOException">The disk fails, or the file was written by a later version.</exception>
    public CatalogScan? Open()
    {
        _disk.CreateFolder(_folder);
        if (System.IO.Path.GetDirectoryName(_folder) is { Length: > 0 } parent)
            _disk.SyncFolder(parent);
        // Left by a start or a rewrite that did not come to its end; the log itself is whole.
        if (_disk.Exists(NewPath))
            _disk.Delete(NewPath);
        if (!_disk.Exists(Path))
            return null;
        _file = _disk.Open(Path, DiskOpenMode.Existing);
        var scan = new CatalogScan(_file);
        if (scan.Version > CatalogFormat.Version)
        {
            throw new IOException(
                $"{Path} has format version {scan.Version}, written by a later version of the broker; "
                + $"this one knows {CatalogFormat.Version}");
        }

        (_lastNumber, _end, _reserved) = (scan.LastNumber, scan.End, _file.Length);
        _rewriteAt = Math.Max(LeastRewriteOctets, _end * 2);
        return scan;
    }

    /// <summary>Keeps a damaged log for whoever wants to look into it.</summary>
    public void KeepDamaged()
    {
        using var copy = _disk.Open(System.IO.Path.Combine(_folder, DamagedName), DiskOpenMode.Create);
        var window = new FileWindow(_file!);
        for (long offset = 0; offset < window.Length; offset += WriteStep)
            copy.Write(offset, window.Read(offset, WriteStep));
        copy.Sync();
    }

    /// <summary>
    /// Writes zeros over a torn tail, so that none of it can follow on the next record. Needs no room on the disk.
    /// </summary>
    public void ClearTail(long octets)
    {
        var zeros = new byte[WriteStep];
        for (long done = 0; done < octets; done += zeros.Length)
            _file!.Write(_end + done, zeros.AsSpan(0, (int)Math.Min(zeros.Length, octets - done)));
        _file!.Sync();
    }

    /// <summary>Writes records and makes them durable.</summary>
    /// <exception cref="DiskFullException">No room; nothing was written, and the same may be tried again.</exception>
    /// <exception cref="IOException">The disk fails: what is on it is not known, and the process must end.</exception>
    public void Append(List<RecordWriter> group)
    {
        _buffer.Clear();
        var number = _lastNumber;
        foreach (var record in group)
            Put(record, ++number);
        Reserve(_buffer.Length);
        _file!.Write(_end, _buffer.WrittenSpan);
        _file.Sync();
        _end += _buffer.Length;
        _lastNumber = number;
        WriteMark();
    }

    /// <summary>Makes sure that there is room for this many octets and the reserve.</summary>
    /// <exception cref="DiskFullException">There is not even room for the octets.</exception>
    /// <returns>Whether the reserve is there too.</returns>
    private bool Reserve(long octets)
    {
        var needed = _end + octets + ReserveOctets;
        if (needed <= _reserved)
            return true;
        try
        {
            _file!.Allocate(_reserved, needed + ReserveOctets - _reserved);
            _reserved = needed + ReserveOctets;
            return true;
        }
        catch (DiskFullException) when (_end + octets + CatalogFormat.RecordHeaderLength * 2 <= _reserved)
        {
            return false;
        }
    }

    /// <summary>Makes sure that there is the reserve, if there is room for it.</summary>
    /// <returns>Whether it is there.</returns>
    public bool TryReserve()
    {
        try
        {
            return Reserve(0);
        }
        catch (DiskFullException)
        {
            return false;
        }
    }

    /// <summary>Puts a new log with these records in the place of the old one.</summary>
    /// <param name="records">The state as a whole; each is used up before the next is asked for.</param>
    /// <exception cref="DiskFullException">No room; the old log is as it was.</exception>
    /// <exception cref="IOException">The disk fails, and the process must end.</exception>
    public void Rewrite(IEnumerable<RecordWriter> records)
    {
        var file = _disk.Open(NewPath, DiskOpenMode.Create);
        long end;
        ulong number;
        try
        {
            (end, number) = Write(file, records);
        }
        catch (DiskFullException)
        {
            file.Dispose();
            _disk.Delete(NewPath);
            _rewriteAt = _end * 2;
            throw;
        }

        file.Dispose();
        _disk.Rename(NewPath, Path);
        _disk.SyncFolder(_folder);
        _file?.Dispose();
        _file = _disk.Open(Path, DiskOpenMode.Existing);
        (_end, _reserved, _lastNumber) = (end, end, number);
        _rewriteAt = Math.Max(LeastRewriteOctets, _end * 3);
        WriteMark();
    }

    public void Dispose() => _file?.Dispose();

    private (long End, ulong Number) Write(IDiskFile file, IEnumerable<RecordWriter> records)
    {
        _buffer.Clear();
        CatalogFormat.WriteHeader(_buffer.GetSpan(CatalogFormat.HeaderLength));
        _buffer.Advance(CatalogFormat.HeaderLength);
        long end = 0;
        ulong number = 0;
        foreach (var record in records)
        {
            Put(record, ++number);
            if (_buffer.Length < WriteStep)
                continue;
            file.Write(end, _buffer.WrittenSpan);
            end += _buffer.Length;
            _buffer.Clear();
        }

        file.Write(end, _buffer.WrittenSpan);
        end += _buffer.Length;
        file.Sync();
        return (end, number);
    }

    // Not synced: it says what is durable already. Without it a damaged last record would look like one that was never
    // finished.
    private void WriteMark()
    {
        _mark.Clear();
        _mark.Durable(_lastNumber);
        _buffer.Clear();
        Put(_mark, _lastNumber + 1);
        try
        {
            _file!.Write(_end, _buffer.WrittenSpan);
        }
        catch (DiskFullException)
        {
            // The next group writes over whatever part of it is there.
            return;
        }

        _end += _buffer.Length;
        _lastNumber++;
    }

    private void Put(RecordWriter record, ulong number)
    {
        var content = record.Content;
        var to = _buffer.GetSpan(CatalogFormat.RecordHeaderLength + content.Length);
        CatalogFormat.WriteRecordHeader(to, number, content);
        content.CopyTo(to[CatalogFormat.RecordHeaderLength..]);
        _buffer.Advance(CatalogFormat.RecordHeaderLength + content.Length);
    }
}
