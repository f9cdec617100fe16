using Levada.Accounting;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>The memory of a channel. All of it in a turn of its connection.</summary>
internal sealed partial class Channel
{
    /// <summary>The channel with its consumers, without what <see cref="Held"/> has.</summary>
    public long OwnBytes => SessionBytes + ConsumersBytes;

    public void AddTo(ClientMemory memory)
    {
        memory.Channels += SessionBytes;
        memory.Consumers += ConsumersBytes;
        memory.LargeReaders += ObjectSize.Large(_message.Length);
        memory.LargeChannels += ObjectSize.Large(_unsettled.HeldBytes);
    }

    private long SessionBytes =>
        ObjectSize.Of<Channel>() + ObjectSize.Of<MessageCounters>() + Sizes.Unsettled + ObjectSize.Of<List<Consumer>>()
        + ObjectSize.Room(_refused) + (_routes is null ? 0 : Sizes.Route) + (_confirms?.OwnBytes ?? 0)
        + (_transaction is null ? 0 : ObjectSize.Of<Transaction>()) + MessageCounters.BytesOf(_rates) + CountsBytes
        + ObjectSize.String(_replyName) + _replyTemplate.Length;

    private long ConsumersBytes
    {
        get
        {
            if (_consumers is null)
                return 0;
            var bytes = ObjectSize.Of<Dictionary<string, Consumer>>() + ObjectSize.Room(_consumers);
            foreach (var consumer in _consumers.Values)
            {
                bytes += Sizes.Consumer + ObjectSize.String(consumer.Tag)
                    + ObjectSize.Array<byte>(consumer.DeliverTemplate.Length) + (4 * consumer.Arguments.EncodedLength);
            }
            return bytes;
        }
    }

    // Apart, so that a channel has nothing to initialise.
    private static class Sizes
    {
        private static readonly BrokerOptions Options = new();
        public static readonly long Route = ObjectSize.OfAll(static () => new RouteCache(Options));
        public static readonly long Unsettled = ObjectSize.OfAll(static () => new Unsettled());
        public static readonly long Consumer = ObjectSize.Of<Consumer>() + ObjectSize.Of<ConsumerRetry>();
    }
}
