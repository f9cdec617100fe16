using Levada.Journal;

namespace Levada.Amqp;

/// <summary>
/// The publishes of one channel in one post: numbers up to <see cref="UpTo"/>, answered by as many shards as they went
/// to. Guarded by the outbox lock once it is open.
/// </summary>
internal sealed class ConfirmPost(Confirms confirms, ushort channel) : IConfirmTarget
{
    public ulong UpTo { get; set; }

    /// <summary>Shards that have not answered yet.</summary>
    public int Pending { get; set; }

    /// <summary>When it was opened, as the stopwatch has it; 0 if it is not timed.</summary>
    public long StartedAt { get; set; }

    /// <summary>Not taken: to be nacked.</summary>
    public bool IsRefused { get; set; }

    public bool IsPersistent { get; set; }

    public ushort Channel { get; } = channel;

    /// <summary>The numbers of those that a full queue refused, in no order; some of them twice.</summary>
    public List<ulong> Refused { get; } = [];

    public void Refuse(ulong number) => confirms.Refuse(this, number);

    public void Answer(bool refused) => confirms.Answer(this, refused);

    public void Flush() => confirms.Flush();
}
