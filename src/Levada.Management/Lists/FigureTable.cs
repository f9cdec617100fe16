using Levada.History;
using Levada.Management.Api;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Lists;

/// <summary>
/// The figures of one kind of object by RabbitMQ's names: read from a sample of it, for rates and samples.
/// </summary>
/// <param name="figures">All of them.</param>
internal sealed class FigureTable<TSample>(params (string Name, Func<TSample, long> Of)[] figures)
    where TSample : class
{
    private readonly Dictionary<string, int> _numbers =
        figures.Select(static (one, at) => (one.Name, at)).ToDictionary(static one => one.Name, static one => one.at);

    public IReadOnlyList<(string Name, Func<TSample, long> Of)> All => figures;

    public long[] Take(TSample sample) => [.. figures.Select(one => one.Of(sample))];

    /// <summary>Its figures whenever they are wanted; null once it is gone.</summary>
    public Func<long[]?> Taking(Func<TSample?> take) => () => take() is { } sample ? Take(sample) : null;

    /// <summary>Rates alone.</summary>
    public Details Rates(TSample now, TSample before, TimeSpan over) =>
        new(null, name => _numbers[name], name => Rate(name, now, before, over), 0);

    /// <summary>Rates and, if the request asks for them, samples: of what has none yet from now on.</summary>
    /// <exception cref="ListFaultException">It asks for too many.</exception>
    public Details Watched(
        Broker broker, IQueryCollection query, object what, Func<TSample?> take, TSample now, TSample before,
        TimeSpan over)
    {
        if (!Details.AreAsked(query))
            return Rates(now, before, over);
        var nowMs = broker.Now.ToUnixTimeMilliseconds();
        var samples = broker.History.Watched.Of(what, Taking(take), Take(now), nowMs);
        return new Details(samples, name => _numbers[name], name => Rate(name, now, before, over), nowMs)
            .Heeding(query);
    }

    private double Rate(string name, TSample now, TSample before, TimeSpan over)
    {
        var of = figures[_numbers[name]].Of;
        return RateReply.RateOf(of(now), of(before), over);
    }
}
