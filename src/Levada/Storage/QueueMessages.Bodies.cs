using System.Runtime.CompilerServices;

namespace Levada.Storage;

// Bodies that are files of their own: which messages need which, wherever these lie themselves.
public sealed partial class QueueMessages
{
    // By sequence; null while there are none, so that a settle has nothing to look up.
    private Dictionary<ulong, BodyFile>? _bodies;

    /// <summary>A message of this queue needs a body; told twice by a replay, it counts once.</summary>
    internal void HoldBody(ulong sequence, BodyFile body)
    {
        if ((_bodies ??= []).TryAdd(sequence, body))
            body.Hold();
    }

    /// <summary>
    /// After the replay: lets go of bodies of messages that are gone, and of messages whose body is gone or short.
    /// </summary>
    internal void CheckBodies(List<Damage> damages)
    {
        foreach ((ulong sequence, BodyFile body) in _bodies ?? [])
        {
            if (!IsDurable(sequence))
                LetGoOfBody(sequence);
            else if (_store.Bodies.Fault(body) is { } fault)
                LoseBody(sequence, (int)body.Length, fault, damages);
        }
    }

    /// <summary>u32 how many, then for each u64 sequence, u64 number of the body, u32 its length.</summary>
    private void WriteBodies(CheckpointBuffer buffer)
    {
        List<(ulong Sequence, BodyFile Body)> durable = [];
        foreach ((ulong sequence, BodyFile body) in _bodies ?? [])
        {
            if (IsDurable(sequence))
                durable.Add((sequence, body));
        }

        buffer.U32((uint)durable.Count);
        foreach ((ulong sequence, BodyFile body) in durable)
        {
            buffer.U64(sequence);
            buffer.U64(body.Number);
            buffer.U32((uint)body.Length);
        }
    }

    /// <summary>Whether a message is live and survives a restart.</summary>
    internal bool IsDurable(ulong sequence)
    {
        ref Entry entry = ref Find(sequence);
        return Unsafe.IsNullRef(ref entry)
            ? _backlog?.Durable.Find(sequence) is { } run && !run.IsSettled(sequence)
            : entry.Location.IsDurable;
    }

    private void LetGoOfBody(ulong sequence)
    {
        if (_bodies!.Remove(sequence, out BodyFile? body))
            _store.LetGo(body);
        if (_bodies.Count == 0)
            _bodies = null;
    }

    private void LetGoOfBodies(ulong first, ulong last)
    {
        // Removing does not disturb the walk through a dictionary.
        foreach (ulong sequence in _bodies?.Keys ?? Enumerable.Empty<ulong>())
        {
            if (sequence >= first && sequence <= last)
                LetGoOfBody(sequence);
        }
    }

    private void LoseBody(ulong sequence, int bodyBytes, string fault, List<Damage> damages)
    {
        ref Entry entry = ref Find(sequence);
        Ready--;
        ReadyBytes -= bodyBytes;
        if (Unsafe.IsNullRef(ref entry))
            SettleInRun(sequence, bodyBytes, durable: true);
        else
            Remove(sequence, ref entry);
        damages.Add(new Damage(Id, 1, $"message {sequence}: {fault}"));
    }
}
