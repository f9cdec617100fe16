namespace Levada.Counting;

/// <summary>Messages that are in the totals only, since their channel had counted_pairs_max pairs already.</summary>
/// <param name="ByExchange">Published.</param>
/// <param name="ByQueue">Handed out; basic.get on an empty queue too.</param>
/// <param name="ByRoute">Published, one for each queue that they went to.</param>
public readonly record struct Uncounted(long ByExchange, long ByQueue, long ByRoute)
{
    public static Uncounted operator +(Uncounted a, Uncounted b) => a.Plus(b);

    public Uncounted Plus(Uncounted other) =>
        new(ByExchange + other.ByExchange, ByQueue + other.ByQueue, ByRoute + other.ByRoute);
}
