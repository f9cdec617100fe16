using System.Runtime.CompilerServices;
using Levada.Journal;

namespace Levada.Storage;

// Finding the lowest ready message, and its bytes.
public sealed partial class QueueMessages
{
    /// <summary>How far ahead the ring is asked how close the messages lie.</summary>
    private const ulong DenseDistance = 32;

    /// <summary>Read with a message that has no neighbours.</summary>
    private const int SparseReadBytes = 8 << 10;

    /// <summary>More than a record's header, names and usual properties take.</summary>
    private const int OverheadBytesMax = 1 << 10;

    // A message that is not the head is read, by readers that do not take the head's blocks away.
    private bool _readsHeld;

    // The record of the journal, read from disk, whose checksum was checked last.
    private ulong _checked;

    /// <summary>Shows the ready message with the lowest sequence.</summary>
    public PeekResult Peek(out MessageView message)
    {
        while (true)
        {
            ReadResult result = _backlog is null ? FindInRing(out ulong sequence) : FindReady(out sequence);
            if (result == ReadResult.Found)
                result = View(sequence, out message);
            else
                message = default;
            if (result == ReadResult.Found)
                return PeekResult.Found;
            _peeked = 0;
            if (result != ReadResult.Damaged)
                return result == ReadResult.Loading ? PeekResult.Loading : PeekResult.Empty;
        }
    }

    /// <summary>Shows an unacked message.</summary>
    /// <returns>Empty if it cannot be read any more: then it is gone, and the log says so.</returns>
    /// <exception cref="InvalidOperationException">No consumer holds it.</exception>
    public PeekResult PeekHeld(ulong sequence, out MessageView message)
    {
        _ = FindUnacked(sequence);
        _readsHeld = true;
        ReadResult result = View(sequence, out message);
        _readsHeld = false;
        _peeked = 0;
        if (result is ReadResult.Found or ReadResult.Loading)
            return result == ReadResult.Found ? PeekResult.Found : PeekResult.Loading;
        ref Entry entry = ref Find(sequence);
        if (!Unsafe.IsNullRef(ref entry))
            Settle(sequence);
        return PeekResult.Empty;
    }

    private ReadResult FindInRing(out ulong sequence)
    {
        _peekedRequeued = false;
        sequence = Math.Max(_cursor, _ring.Base);
        while (sequence < _ring.Next && (!_ring[sequence].IsLive || IsHeldAhead(sequence, _ring[sequence])))
            sequence++;
        _cursor = sequence;
        return sequence < _ring.Next ? ReadResult.Found : ReadResult.Empty;
    }

    /// <summary>The lowest of what was requeued, what is in runs below the ring, and what is in the ring.</summary>
    private ReadResult FindReady(out ulong sequence)
    {
        Backlog backlog = _backlog!;
        bool requeued = TryPeekRequeued(backlog, out sequence);
        if (requeued && sequence < _cursor)
        {
            _peekedRequeued = true;
            return ReadResult.Found;
        }

        while (_cursor < _ring.Base)
        {
            ReadResult result = backlog.SeekRuns(_cursor, out RunReader? reader);
            if (result == ReadResult.Damaged)
                Lose(reader!.Sequence, reader.DamagedLast, reader.Run);
            if (result is ReadResult.Damaged or ReadResult.Loading)
                return result;
            if (result == ReadResult.Found && reader!.Sequence < _ring.Base
                && !(requeued && sequence <= reader.Sequence))
            {
                if (IsHeldAhead(reader.Sequence))
                {
                    _cursor = reader.Sequence + 1;
                    continue;
                }

                _peekedRequeued = false;
                _cursor = sequence = reader.Sequence;
                _peekedDurableRun = reader.Run.Segment.Durable;
                return ReadResult.Found;
            }

            break;
        }

        if (!requeued)
            return FindInRing(out sequence);
        _peekedRequeued = true;
        return ReadResult.Found;
    }

    /// <summary>The lowest requeued message; those that were lost or held meanwhile are left out.</summary>
    private bool TryPeekRequeued(Backlog backlog, out ulong sequence)
    {
        while (backlog.TryPeekRequeued(out sequence))
        {
            ref Entry entry = ref Find(sequence);
            if (!Unsafe.IsNullRef(ref entry) && !entry.IsUnacked)
                return true;
            backlog.DequeueRequeued();
        }

        return false;
    }

    private ReadResult View(ulong sequence, out MessageView message)
    {
        ref Entry entry = ref Find(sequence);
        bool hasEntry = !Unsafe.IsNullRef(ref entry);
        Location location = hasEntry ? entry.Location : Location.InRun(_peekedDurableRun);
        ReadOnlySpan<byte> bytes;
        ReadResult result = ReadResult.Found;
        switch (location.Kind)
        {
            case LocationKind.Volatile:
                bytes = _store.Volatile.Read(location);
                break;
            case LocationKind.Journal:
                result = ReadJournal(sequence, location, entry.BodyBytes, out bytes);
                break;
            default:
                result = ReadRun(sequence, location.IsDurable, out bytes);
                break;
        }

        if (result != ReadResult.Found)
        {
            message = default;
            return result;
        }

        _peeked = sequence;
        _peekedBodyBytes = location.Kind == LocationKind.Run ? MessageLayout.BodyBytes(bytes) : entry.BodyBytes;
        if (hasEntry)
            entry.BodyBytes = _peekedBodyBytes;
        bool redelivered = sequence < _redeliveredBelow || (hasEntry && entry.IsRedelivered);
        message = new MessageView(sequence, bytes, redelivered, hasEntry ? entry.DeliveryCount : 0);
        return ReadResult.Found;
    }

    private ReadResult ReadRun(ulong sequence, bool durable, out ReadOnlySpan<byte> message)
    {
        message = default;
        RunReader reader = _readsHeld
            ? _backlog!.HeldReader(durable)
            : _backlog!.Reader(durable, _peekedRequeued);
        ReadResult result = reader.Seek(sequence);
        if (result == ReadResult.Loading)
            return result;
        if (result == ReadResult.Found && reader.Sequence == sequence)
            result = reader.Read(out message);
        else
            result = ReadResult.Damaged;
        if (result == ReadResult.Damaged)
            Lose(sequence, sequence, _backlog.Runs(durable).Find(sequence)!);
        return result;
    }

    private ReadResult ReadJournal(ulong sequence, Location location, int bodyBytes, out ReadOnlySpan<byte> message)
    {
        if (_store.Journal.TryRead(location, out ReadOnlySpan<byte> record))
        {
            message = RecordFormat.Message(record);
            return ReadResult.Found;
        }

        message = default;
        JournalFile file = _store.Journal.Find(location);
        BlockReader reader = _readsHeld ? Behind.HeldJournalReader : Behind.JournalReader;
        long room = _store.Journal.ReadableEnd(file) - location.Offset;
        int length = 0;
        if (reader.TryRead(file, location.Offset, RecordFormat.HeaderBytes, out ReadOnlySpan<byte> head))
        {
            length = RecordFormat.Length(head);
            bool possible = length > 0 && length <= room;
            if (!possible || reader.TryRead(file, location.Offset, length, out record))
            {
                if (!possible || (_checked != sequence && !RecordFormat.IsWhole(record)))
                {
                    LoseEntry(sequence, ref Find(sequence), file.Path);
                    return ReadResult.Damaged;
                }

                _checked = sequence;
                LoadJournalAhead(sequence, file, reader);
                message = RecordFormat.Message(record);
                return ReadResult.Found;
            }
        }

        int wanted = IsDense(sequence, location)
            ? _store.Reads.BlockBytes
            : MessageLayout.StoredBodyBytes(bodyBytes) + SparseReadBytes;
        reader.Load(file, location.Offset, (int)Math.Min(room, Math.Max(length, wanted)));
        return ReadResult.Loading;
    }

    /// <summary>
    /// Whether this queue's messages lie so close in the journal that a whole block is worth reading.
    /// </summary>
    private bool IsDense(ulong sequence, Location location)
    {
        ulong later = sequence + DenseDistance;
        if (sequence < _ring.Base || later >= _ring.Next)
            return false;
        Location next = _ring[later].Location;
        return next.Kind == LocationKind.Journal && next.Unit == location.Unit
            && next.Offset - location.Offset < _store.Reads.BlockBytes / 2;
    }

    /// <summary>Once a block: the next one begins with the first record that may not be wholly in this one.</summary>
    private void LoadJournalAhead(ulong sequence, JournalFile file, BlockReader reader)
    {
        long end = reader.CurrentEnd;
        if (sequence < _ring.Base || reader.AskedAheadAt == end)
            return;
        for (ulong next = sequence; next < _ring.Next; next++)
        {
            Entry entry = _ring[next];
            if (entry.Location.Kind != LocationKind.Journal || entry.Location.Unit != Location.UnitOf(file.Number)
                || entry.Location.Offset + MessageLayout.StoredBodyBytes(entry.BodyBytes) + OverheadBytesMax <= end)
                continue;
            long room = _store.Journal.ReadableEnd(file) - entry.Location.Offset;
            if (room <= 0 || !IsDense(next, entry.Location)
                || reader.TryLoadAhead(
                    file, entry.Location.Offset, (int)Math.Min(room, _store.Reads.BlockBytes), end))
                reader.AskedAheadAt = end;
            return;
        }
    }

    private void LoseEntry(ulong sequence, ref Entry entry, string path)
    {
        if (entry.IsUnacked)
        {
            NoteFree(sequence, ref entry);
        }
        else
        {
            Ready--;
            ReadyBytes -= entry.BodyBytes;
        }

        Remove(sequence, ref entry);
        _store.ReportDamage(new Damage(Id, 1, $"{path}: message {sequence} cannot be read"));
    }

    /// <summary>Messages in a run that cannot be read: they are settled, and named in the log.</summary>
    private void Lose(ulong first, ulong last, Run run)
    {
        long lost = 0;
        for (ulong sequence = first; sequence <= last; sequence++)
        {
            if (run.IsSettled(sequence))
                continue;
            ref Entry entry = ref Find(sequence);
            bool hasEntry = !Unsafe.IsNullRef(ref entry);
            if (hasEntry && entry.IsUnacked)
                continue;
            lost++;
            int bodyBytes = hasEntry ? entry.BodyBytes : (int)(run.LiveBytes / run.Live);
            Ready--;
            ReadyBytes = Ready == 0 ? 0 : Math.Max(0, ReadyBytes - bodyBytes);
            if (hasEntry)
                Remove(sequence, ref entry);
            else
                SettleInRun(sequence, bodyBytes, run.Segment.Durable);
        }

        _store.ReportDamage(new Damage(
            Id, lost, $"{run.Segment.Path}: messages {first} to {last} cannot be read"));
    }
}
