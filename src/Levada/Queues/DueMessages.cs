using System.Buffers;
using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// Delayed messages whose time has come, some at a time. They are read by rising sequence, as they lie on disk, and
/// handed on in the order of their times. Owner: the shard's turn.
/// </summary>
internal sealed class DueMessages
{
    // Read ahead of the one that is next; one that is larger is read when it is.
    private const long BytesMax = 1 << 20;

    private readonly List<Due> _inOrder = [];
    private readonly List<int> _bySequence = [];
    private int _read;
    private int _next;
    private long _bytes;

    public bool IsEmpty => _next == _inOrder.Count;

    /// <summary>One more; by rising time. Only while nothing of them was read.</summary>
    public void Add(ulong sequence)
    {
        _bySequence.Add(_inOrder.Count);
        _inOrder.Add(new Due(sequence, IsRead: false, Bytes: null, Length: 0));
    }

    /// <summary>Takes the bytes of the next one, which the caller gives back to the pool; null if it is lost.</summary>
    /// <returns>False: it is being read from disk.</returns>
    public bool TryTake(QueueMessages messages, out ulong sequence, out byte[]? bytes, out int length)
    {
        (sequence, bytes, length) = default((ulong, byte[]?, int));
        if (_read == 0)
            _bySequence.Sort((a, b) => _inOrder[a].Sequence.CompareTo(_inOrder[b].Sequence));
        for (; _read < _bySequence.Count && _bytes < BytesMax; _read++)
        {
            if (!TryRead(messages, _bySequence[_read]))
                return false;
        }
        if (!TryRead(messages, _next))
            return false;
        (sequence, _, bytes, length) = _inOrder[_next++];
        _bytes -= length;
        if (IsEmpty)
            Clear();
        return true;
    }

    // From here on the queue holds it like one that a consumer has.
    private bool TryRead(QueueMessages messages, int index)
    {
        var due = _inOrder[index];
        if (due.IsRead)
            return true;
        var result = messages.PeekAt(due.Sequence, out var message);
        if (result == PeekResult.Loading)
            return false;
        byte[]? bytes = null;
        if (result == PeekResult.Found)
        {
            bytes = ArrayPool<byte>.Shared.Rent(message.Bytes.Length);
            message.Bytes.CopyTo(bytes);
            _bytes += message.Bytes.Length;
            messages.TakeUnacked();
        }
        _inOrder[index] = new Due(due.Sequence, IsRead: true, bytes, bytes is null ? 0 : message.Bytes.Length);
        return true;
    }

    private void Clear()
    {
        _inOrder.Clear();
        _bySequence.Clear();
        _read = _next = 0;
        _bytes = 0;
    }

    private readonly record struct Due(ulong Sequence, bool IsRead, byte[]? Bytes, int Length);
}
