using System.Runtime.CompilerServices;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Counting;

/// <summary>Where messages were published, and a queue that they went to: by whatever way in between.</summary>
/// <param name="Exchange">The one that the publisher named.</param>
/// <param name="Queue">One of those that it led to.</param>
public readonly record struct Route(Exchange Exchange, Queue Queue)
{
    /// <summary>One of both is deleted.</summary>
    public bool IsGone => Exchange.IsDeleted || Queue.IsDeleted;

    /// <summary>Nobody can ask for a queue that holds messages back for its exchange.</summary>
    public bool IsShown => !IsGone && !Queue.IsDelayQueue;

    public bool Equals(Route other) =>
        ReferenceEquals(Queue, other.Queue) && ReferenceEquals(Exchange, other.Exchange);

    public override int GetHashCode() =>
        RuntimeHelpers.GetHashCode(Queue) ^ (RuntimeHelpers.GetHashCode(Exchange) << 7);
}
