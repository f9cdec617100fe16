namespace Levada.Management.Api;

/// <summary>A figure's rate, by the second.</summary>
internal sealed record RateReply(double Rate)
{
    public static RateReply Of(long now, long before, TimeSpan over) =>
        new(Math.Round((now - before) / over.TotalSeconds, 2));
}
