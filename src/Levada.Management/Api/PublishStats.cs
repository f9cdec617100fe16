using Levada.Management.Lists;

namespace Levada.Management.Api;

/// <summary>stats of a channel and an exchange.</summary>
internal sealed record PublishStats(
    long Publish, RateReply PublishDetails, long Confirm, RateReply ConfirmDetails, long ReturnUnroutable,
    RateReply ReturnUnroutableDetails, long DropUnroutable, RateReply DropUnroutableDetails)
{
    public static PublishStats Of(PublishSample p, Details details) => new(
        p.Published, details.Messages("publish"),
        p.Confirmed, details.Messages("confirm"),
        p.Returned, details.Messages("return_unroutable"),
        p.DroppedUnroutable, details.Messages("drop_unroutable"));
}
