namespace Levada.Management.Api;

/// <summary>stats of an exchange and a queue.</summary>
internal sealed record RouteStats(long Publish, RateReply PublishDetails);
