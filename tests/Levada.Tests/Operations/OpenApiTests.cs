using System.Net;
using System.Text.Json;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>/api/openapi.json: all that is answered is in it, and answers are as it says.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Every_path_and_method_is_described_and_nothing_else_is()
    {
        await using var api = await OperatorApi.StartAsync();
        var document = await api.GetAsync("/api/openapi.json");
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        var described = Operations(document).ToDictionary(static o => o.Name, static o => o.Json);
        Assert.Empty(described.Where(static o => o.Value.GetProperty("summary").GetString() == "").Select(o => o.Key));
        Assert.Empty(Management.OpenApi.Operations.All.Keys.Except(described.Keys));
        Assert.All(described.Values, static o => Assert.NotEqual("", o.GetProperty("tags")[0].GetString()));
        foreach (var (name, operation) in described)
        {
            foreach (var part in name.Split('/').Where(static p => p.StartsWith('{')))
            {
                Assert.Contains(operation.GetProperty("parameters").EnumerateArray(), p =>
                    p.TryGetProperty("name", out var n) && $"{{{n.GetString()}}}" == part);
            }
        }
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        await using var api = await OperatorApi.StartAsync();
        var document = await api.GetAsync("/api/openapi.json");
        var references = References(document).ToList();
        Assert.NotEmpty(references);
        Assert.All(references.Distinct(), reference => Follow(document, reference));
    }

    [Fact]
    public async Task Answers_have_the_fields_that_the_schema_names()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.NewSharedQueue(1);
        client.Bind(1, queue, "amq.topic", "a.#");
        client.Consume(1, queue);
        var document = await api.GetAsync("/api/openapi.json");
        var lists = 0;
        foreach (var (name, operation) in Operations(document))
        {
            var path = name.Split(' ')[1];
            if (!name.StartsWith("GET ", StringComparison.Ordinal) || path.Contains('{', StringComparison.Ordinal)
                || !operation.GetProperty("responses").GetProperty("200").TryGetProperty("content", out var content)
                || !content.TryGetProperty("application/json", out var json)
                || !json.TryGetProperty("schema", out var schema))
                continue;
            var answer = await api.GetAsync(path);
            if (schema.TryGetProperty("items", out var item))
            {
                Assert.Equal(JsonValueKind.Array, answer.ValueKind);
                foreach (var one in answer.EnumerateArray()) AssertFits(document, item, one, path);
                lists += answer.GetArrayLength() > 0 ? 1 : 0;
            }
            else
            {
                AssertFits(document, schema, answer, path);
            }
        }
        Assert.True(lists > 8, $"only {lists} lists had anything in them");
    }

    [Fact]
    public async Task People_read_it_as_a_page()
    {
        await using var api = await OperatorApi.StartAsync();
        foreach (var path in (string[])["/api", "/api/", "/api/index.html"])
        {
            var (status, page) = await api.AskAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Contains("<code>/api/queues/{vhost}/{name}</code> Declares a queue", page, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(string Name, JsonElement Json)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select ($"{method.Name.ToUpperInvariant()} {path.Name}", method.Value);

    private static void AssertFits(JsonElement document, JsonElement schema, JsonElement answer, string where)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            schema = Follow(document, reference.GetString()!);
        if (answer.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties))
            return;
        foreach (var field in answer.EnumerateObject())
        {
            Assert.True(properties.TryGetProperty(field.Name, out var known), $"{where}: {field.Name}");
            if (known.ValueKind == JsonValueKind.Object)
                AssertFits(document, known, field.Value, $"{where}.{field.Name}");
        }
    }

    private static IEnumerable<string> References(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().SelectMany(References),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(static p =>
            p.Name == "$ref" ? [p.Value.GetString()!] : References(p.Value)),
        _ => [],
    };

    private static JsonElement Follow(JsonElement document, string reference)
    {
        Assert.StartsWith("#/components/", reference, StringComparison.Ordinal);
        return reference.Split('/').Skip(1).Aggregate(document, static (at, part) => at.GetProperty(part));
    }
}
