using Levada.Platform;

namespace Levada.Catalog;

/// <summary>
/// One pass over a log at start: which records are whole, what is damaged, where the log ends. What is bad and lies
/// above everything that was known to be durable is a torn tail, never acknowledged to anybody: it is cut with all
/// behind it. What is bad below is damage: that is lost, and the records behind it are kept.
/// </summary>
internal sealed class CatalogScan
{
    private readonly FileWindow _window;
    private readonly List<(long Offset, int Length, ulong Number)> _records = [];
    private readonly List<Gap> _gaps = [];
    private ulong _durable;

    public CatalogScan(IDiskFile file)
    {
        _window = new FileWindow(file);
        Version = CatalogFormat.ReadHeader(_window.Read(0, CatalogFormat.HeaderLength));
        ReadAll();
        CutTail();
    }

    /// <summary>Null if the header of the file is damaged.</summary>
    public uint? Version { get; }

    /// <summary>Where the next record goes, if nothing is wrong.</summary>
    public long End { get; private set; }

    /// <summary>The number of the last record that counts.</summary>
    public ulong LastNumber => _records.Count == 0 ? 0 : _records[^1].Number;

    /// <summary>Octets of a torn tail; 0 if there is none.</summary>
    public long TornOctets { get; private set; }

    /// <summary>A text for each damaged stretch.</summary>
    public List<string> Damage { get; } = [];

    public int Count => _records.Count;

    /// <summary>The content of a record; valid until the next call.</summary>
    public ReadOnlySpan<byte> Content(int index) =>
        _window.Read(_records[index].Offset + CatalogFormat.RecordHeaderLength, _records[index].Length);

    private void ReadAll()
    {
        var offset = (long)CatalogFormat.HeaderLength;
        if (Version is null)
            Damage.Add("the header of the file is damaged");
        while (true)
        {
            if (TryTake(offset, LastNumber + 1, LastNumber + 1, out var next))
            {
                offset = next;
                continue;
            }

            if (_window.IsZeroFrom(offset))
                break;
            var found = FindNext(offset);
            _gaps.Add(new Gap(offset, found ?? _window.Length, _records.Count, LastNumber + 1));
            if (found is null)
                break;
            offset = found.Value;
            TryTake(offset, LastNumber + 1, ulong.MaxValue, out offset);
        }

        End = offset;
    }

    private bool TryTake(long offset, ulong least, ulong most, out long next)
    {
        next = offset;
        if (offset + CatalogFormat.RecordHeaderLength > _window.Length)
            return false;
        var header = _window.Read(offset, CatalogFormat.RecordHeaderLength);
        var (length, crc, number) = CatalogFormat.ReadRecordHeader(header);
        if (number < least || number > most || length is <= 0 or > CatalogFormat.MaxContent
            || offset + CatalogFormat.RecordHeaderLength + length > _window.Length)
        {
            return false;
        }

        var record = _window.Read(offset, CatalogFormat.RecordHeaderLength + length);
        if (CatalogFormat.Crc(0, record[8..]) != crc)
            return false;
        if (RecordReader.DurableMark(record[CatalogFormat.RecordHeaderLength..]) is { } mark)
            _durable = Math.Max(_durable, mark);
        _records.Add((offset, length, number));
        next = offset + CatalogFormat.RecordHeaderLength + length;
        return true;
    }

    // Whatever is wrong with a length, the next whole record is found by trying every octet: logs are small, and a
    // number that can follow is rare in random octets, so hardly ever a CRC has to be computed.
    private long? FindNext(long bad)
    {
        for (var offset = bad + 1; offset + CatalogFormat.RecordHeaderLength <= _window.Length; offset++)
        {
            var most = LastNumber + 2 + ((ulong)(offset - bad) / CatalogFormat.RecordHeaderLength);
            if (!TryTake(offset, LastNumber + 1, most, out _))
                continue;
            _records.RemoveAt(_records.Count - 1);
            return offset;
        }

        return null;
    }

    private void CutTail()
    {
        foreach (var gap in _gaps)
        {
            if (gap.FirstNumber > _durable)
            {
                End = gap.From;
                TornOctets = _window.UsedLength - gap.From;
                _records.RemoveRange(gap.Records, _records.Count - gap.Records);
                return;
            }

            Damage.Add(Describe(gap));
        }
    }

    private string Describe(Gap gap)
    {
        var what = "";
        var content = gap.From + CatalogFormat.RecordHeaderLength;
        if (content < gap.To && gap.To - content <= CatalogFormat.MaxContent)
            what = RecordReader.Describe(_window.Read(content, (int)(gap.To - content)));
        return $"octets {gap.From} to {gap.To - 1} are damaged: record {gap.FirstNumber}"
            + $"{(what.Length > 0 ? $", it seems '{what}'," : "")} is lost, the others are kept";
    }

    private readonly record struct Gap(long From, long To, int Records, ulong FirstNumber);
}
