using System.Collections.Concurrent;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>Pages cut from long lists are those of the whole list sorted.</summary>
public sealed class ListRowsTests
{
    private const int Length = 20_000;

    private static readonly ListKind<int> Numbers = new()
    {
        Name = static number => $"number {number}",
        Write = static (json, number) =>
        {
            json.WriteStartObject();
            json.WriteNumber("text", number);
            json.WriteEndObject();
            return true;
        },
        Fields = new Dictionary<string, Func<int, ListValue>>
        {
            ["number"] = static number => number,
            ["last_digit"] = static number => number % 10,
        },
    };

    [Theory]
    [InlineData("number", false, 1, 10)]
    [InlineData("number", true, 1, 500)]
    [InlineData("number", false, 40, 500)]
    [InlineData("number", true, 7, 100)]
    [InlineData("last_digit", false, 3, 100)]
    [InlineData("last_digit", true, 12, 33)]
    [InlineData("text", true, 2, 50)]
    [InlineData(null, false, 2, 100)]
    [InlineData(null, true, 2, 100)]
    public void A_page_is_a_part_of_the_sorted_list(string? sort, bool isReversed, int page, int size)
    {
        var numbers = Enumerable.Range(0, Length).ToArray();
        new Random(4711).Shuffle(numbers);
        var whole = numbers.Select((number, at) => (number, at)).OrderBy(row => sort switch
        {
            "last_digit" => row.number % 10,
            null => 0,
            _ => row.number,
        }).ThenBy(static row => row.at).Select(static row => row.number).ToList();
        if (isReversed && sort == "last_digit")
            whole = [.. whole.OrderByDescending(static number => number % 10)];
        else if (isReversed)
            whole.Reverse();

        var rows = new ListRows<int>(Numbers, Ask(
            ("page", $"{page}"), ("page_size", $"{size}"), ("sort", sort),
            ("sort_reverse", isReversed ? "true" : null)));
        foreach (var number in numbers)
            rows.Add(number);
        Assert.Equal(whole.Skip((page - 1) * size).Take(size), rows.Shown());
        Assert.Equal((Length, Length), (rows.Total, rows.Filtered));
    }

    [Fact]
    public void Only_what_may_be_shown_is_kept()
    {
        var seen = new ConcurrentDictionary<WeakReference<object>, bool>();
        var kind = new ListKind<object>
        {
            Name = static _ => "",
            Write = static (_, _) => false,
            Order = static (a, b) => ((int[])b)[0].CompareTo(((int[])a)[0]),
        };
        var rows = new ListRows<object>(kind, Ask(("page", "1"), ("page_size", "500")));
        for (var i = 0; i < Length; i++)
            AddOne(i);
        GC.Collect();
        Assert.InRange(seen.Keys.Count(static one => one.TryGetTarget(out _)), 500, 1_001);
        Assert.Equal(Length - 1, ((int[])rows.Shown().First())[0]);

        void AddOne(int number)
        {
            object item = new[] { number };
            seen[new WeakReference<object>(item)] = true;
            rows.Add(item);
        }
    }

    [Fact]
    public void A_hostile_expression_runs_in_time_linear_in_the_names()
    {
        var rows = new ListRows<int>(Numbers, Ask(("name", "(((n|u)+)+)+$"), ("use_regex", "true")));
        for (var i = 0; i < 1_000; i++)
            rows.Add(i);
        Assert.Equal(0, rows.Filtered);
    }

    [Fact]
    public void One_that_cannot_is_given_up()
    {
        var kind = new ListKind<int> { Name = static _ => new string('a', 40) + "!", Write = static (_, _) => false };
        var rows = new ListRows<int>(kind, Ask(("name", "(?=a)(a+)+$"), ("use_regex", "true")));
        Assert.Throws<ListFaultException>(() => rows.Add(1));
    }

    private static ListRequest Ask(params (string Name, string? Value)[] query) => new(new QueryCollection(
        query.Where(static one => one.Value is not null)
            .ToDictionary(static one => one.Name, static one => new StringValues(one.Value))));
}
