using Levada.Counting;

namespace Levada.Management.Lists;

/// <summary>What a channel had published to an exchange at one moment.</summary>
internal sealed record PublishSample(long Published, long Confirmed, long Returned, long DroppedUnroutable)
{
    public static PublishSample None { get; } = new(0, 0, 0, 0);

    public static PublishSample Of(ExchangePublishes p) =>
        new(p.Published, p.Confirmed, p.Returned, p.DroppedUnroutable);
}
