using System.Globalization;
using Levada.History;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// How far back samples are wanted and how far apart, as ?msg_rates_age=60&amp;msg_rates_incr=5 says.
/// </summary>
internal sealed record SampleRange(long AgeMs, long IncrMs)
{
    /// <summary>RabbitMQ's.</summary>
    private const int CountMax = 500;

    /// <summary>Null if they are not asked for; what is no number asks for none.</summary>
    /// <param name="query">The request's.</param>
    /// <param name="name">lengths, msg_rates, data_rates or node_stats.</param>
    /// <exception cref="ListFaultException">There would be too many.</exception>
    public static SampleRange? Of(IQueryCollection query, string name)
    {
        if (!Number(query[$"{name}_age"], out var age) || !Number(query[$"{name}_incr"], out var incr))
            return null;
        return age > 0 && incr > 0 && age / incr <= CountMax
            ? new SampleRange(age * 1000, incr * 1000)
            : throw new ListFaultException("bad_request", $"Invalid range parameters: age {age}, incr {incr}");
    }

    /// <summary>A rate with its samples; null is the mean one over them.</summary>
    public RateReply Of(Samples samples, int figure, double? rate, long nowMs)
    {
        var read = samples.Read(figure, nowMs / IncrMs * IncrMs, IncrMs, (int)(AgeMs / IncrMs) + 1);
        var mean = (read[0].Value - read[^1].Value) * 1000.0 / AgeMs;
        return new RateReply(rate ?? mean)
        {
            Samples = [.. read.Select(SampleReply.Of)],
            SamplesSince = samples.SinceMs,
            AvgRate = mean,
            Avg = read.Average(static sample => (double)sample.Value),
        };
    }

    private static bool Number(string? text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
