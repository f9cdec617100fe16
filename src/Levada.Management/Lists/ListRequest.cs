using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Lists;

/// <summary>
/// How a list is asked for: RabbitMQ's page, page_size, pagination, name, use_regex, sort, sort_reverse, columns,
/// disable_stats and enable_queue_totals, and our filter.FIELD, which can be none of them.
/// </summary>
internal sealed class ListRequest
{
    public const string FilterPrefix = "filter.";
    private const int PageSizeUsual = 100;
    private const int PageSizeMax = 500;

    /// <summary>RabbitMQ's answer to what it cannot parse.</summary>
    public static ListFaultException NotUnderstood =>
        new("bad_request", "Pagination parameters are invalid");

    /// <exception cref="ListFaultException">It cannot be understood.</exception>
    public ListRequest(IQueryCollection query)
    {
        if (query.ContainsKey("page") || query["pagination"] == "true")
            ReadPage(query);
        if ((string?)query["name"] is { Length: > 0 } name)
            Name = new TextMatch(name, query["use_regex"] == "true");
        if ((string?)query["sort"] is { Length: > 0 } sort)
            Sort = sort;
        IsReversed = query["sort_reverse"] == "true";
        Filters =
        [
            .. query.Where(static one => one.Key.StartsWith(FilterPrefix, StringComparison.Ordinal))
                .SelectMany(static one => one.Value.Select(
                    wanted => new ListFilter(one.Key[FilterPrefix.Length..], wanted ?? ""))),
        ];
        Columns = Columns.Of(query);
        WithoutStats = query["disable_stats"] == "true";
        WithQueueTotals = query["enable_queue_totals"] == "true";
    }

    /// <summary>From 1 on; 0 if all is wanted, without an envelope.</summary>
    public int Page { get; private set; }

    public int PageSize { get; private set; }

    /// <summary>What names must match; null for all.</summary>
    public TextMatch? Name { get; }

    /// <summary>Dotted; null for the list's own order.</summary>
    public string? Sort { get; }

    public bool IsReversed { get; }

    public IReadOnlyList<ListFilter> Filters { get; }

    /// <summary>Null for all of them.</summary>
    public Columns? Columns { get; }

    public bool WithoutStats { get; }

    public bool WithQueueTotals { get; }

    private void ReadPage(IQueryCollection query)
    {
        var size = Number(query, "page_size");
        Page = Number(query, "page") ?? 1;
        PageSize = size ?? PageSizeUsual;
        if (Page < 1 || PageSize is < 1 or > PageSizeMax)
        {
            throw new ListFaultException(
                "invalid_pagination_parameters",
                $"Invalid pagination parameters: page number {Page}, page size "
                + (size?.ToString(CultureInfo.InvariantCulture) ?? "undefined"));
        }
    }

    private static int? Number(IQueryCollection query, string name)
    {
        if (!query.TryGetValue(name, out var text))
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw NotUnderstood;
    }
}
