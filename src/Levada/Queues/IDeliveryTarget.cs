namespace Levada.Queues;

/// <summary>
/// Where a queue's deliveries go: one session of one channel. Called on a shard's turn, by several shards at once.
/// Offers of one run stand between <see cref="BeginOffers"/> and <see cref="EndOffers"/>, which hold the outbox's lock.
/// </summary>
public interface IDeliveryTarget
{
    void BeginOffers();

    /// <summary>Gives the message a delivery tag, an unsettled entry and its bytes together, or refuses it.</summary>
    OfferResult Offer(Consumer consumer, ulong sequence, bool redelivered, scoped StoredMessage message);

    void EndOffers();

    /// <summary>
    /// Answers basic.get: get-ok with the message, under its own lock; or refuses it like a delivery.
    /// </summary>
    OfferResult OfferGet(Queue queue, bool noAck, ulong sequence, bool redelivered, long ready,
        scoped StoredMessage message);

    /// <summary>Tells the client that its consumer is gone (basic.cancel), if it wants to know.</summary>
    void ConsumerCancelled(Consumer consumer);

    /// <summary>One of its consumers has a timeout from now on.</summary>
    void WatchTimeouts();

    /// <summary>Sends what was offered; never blocks.</summary>
    void Flush();
}
