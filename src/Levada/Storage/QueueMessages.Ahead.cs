using System.Runtime.CompilerServices;

namespace Levada.Storage;

// Messages that are taken from the midst of a queue, while others go on taking from its head. Those that the cursor has
// not come by yet are ahead; it passes them when it comes.
public sealed partial class QueueMessages
{
    // None above was ever held before the cursor came by: then a look at this is all that it costs.
    private ulong _heldAheadTo;

    /// <summary>A ready message, wherever it stands, is held from now on.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="bodyBytes">The length of its body.</param>
    internal void Hold(ulong sequence, int bodyBytes)
    {
        ref Entry entry = ref Find(sequence);
        if (Unsafe.IsNullRef(ref entry))
            entry = ref Behind.AddStray(sequence, IsLiveIn(Behind.Durable, sequence), bodyBytes);
        if (entry.IsUnacked)
            throw new InvalidOperationException($"queue {Id}: message {sequence} is held already");
        entry.BodyBytes = bodyBytes;
        Ready--;
        ReadyBytes -= bodyBytes;
        NoteHeld(sequence, ref entry);
        if (sequence >= _cursor)
            _heldAheadTo = Math.Max(_heldAheadTo, sequence);
        _peeked = 0;
    }

    /// <summary>A message held by <see cref="Hold"/> is ready again, as if nobody had ever held it.</summary>
    /// <exception cref="InvalidOperationException">Nobody holds it.</exception>
    internal void LetGo(ulong sequence) => PutBack(sequence, ref FindUnacked(sequence));

    private bool IsHeldAhead(ulong sequence, in Entry entry) => sequence <= _heldAheadTo && entry.IsUnacked;

    private bool IsHeldAhead(ulong sequence)
    {
        if (sequence > _heldAheadTo)
            return false;
        ref Entry entry = ref Find(sequence);
        return !Unsafe.IsNullRef(ref entry) && entry.IsUnacked;
    }

    /// <summary>The cursor will come by it, or would have.</summary>
    private bool IsAhead(ulong sequence, in Entry entry) =>
        sequence >= _cursor && (sequence >= _ring.Base || entry.Location.Kind == LocationKind.Run);

    /// <summary>Those in runs, from a sequence ahead of the cursor to another.</summary>
    private List<ulong> HeldAheadIn(ulong first, ulong last) => first > _heldAheadTo
        ? []
        : _backlog!.Strays.Where(stray => stray.Key >= first && stray.Key <= last && stray.Value.IsUnacked
                && stray.Value.Location.Kind == LocationKind.Run)
            .Select(static stray => stray.Key).Order().ToList();
}
