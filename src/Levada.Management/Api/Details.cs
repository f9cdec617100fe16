using Levada.History;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// Makes the `_details` of one object's figures: their rates, and the samples that the request asks for.
/// </summary>
/// <param name="samples">Where they are; null if only rates are wanted.</param>
/// <param name="numberOf">The number of a figure in there, by its name.</param>
/// <param name="rate">A figure's rate.</param>
/// <param name="nowMs">In milliseconds since 1970.</param>
internal sealed class Details(Samples? samples, Func<string, int> numberOf, Func<string, double> rate, long nowMs)
{
    private SampleRange? _lengths;
    private SampleRange? _messages;
    private SampleRange? _data;
    private SampleRange? _node;

    /// <summary>As the request has it.</summary>
    /// <exception cref="Lists.ListFaultException">It asks for too many samples.</exception>
    public Details Heeding(IQueryCollection query)
    {
        _lengths = SampleRange.Of(query, "lengths");
        _messages = SampleRange.Of(query, "msg_rates");
        _data = SampleRange.Of(query, "data_rates");
        _node = SampleRange.Of(query, "node_stats");
        return this;
    }

    /// <summary>Whether a request asks for samples at all.</summary>
    public static bool AreAsked(IQueryCollection query) =>
        query.Keys.Any(static key => key.EndsWith("_age", StringComparison.Ordinal));

    public RateReply Length(string name) => Of(name, _lengths);

    /// <summary>Of what has no rate elsewhere: its growth over the samples; null if they are not asked for.</summary>
    public RateReply? LengthIfAsked(string name) =>
        _lengths is null || samples is null ? null : _lengths.Of(samples, numberOf(name), null, nowMs);

    public RateReply Messages(string name) => Of(name, _messages);

    public RateReply Data(string name) => Of(name, _data);

    public RateReply Node(string name) => Of(name, _node);

    private RateReply Of(string name, SampleRange? range)
    {
        var now = Math.Round(rate(name), 2);
        return range is null || samples is null
            ? new RateReply(now)
            : range.Of(samples, numberOf(name), now, nowMs);
    }
}
