using System.Text.Json;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>A client that follows an answer of the API as server-sent events.</summary>
internal sealed class EventStream(HttpResponseMessage response, StreamReader reader) : IDisposable
{
    /// <summary>The next event; its name is empty for the default one. Null at the end.</summary>
    public async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        var name = "";
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (name, JsonDocument.Parse(line["data: ".Length..]).RootElement);
        }
        return null;
    }

    /// <summary>Reads on until one is as wanted.</summary>
    public async Task<JsonElement> UntilAsync(Func<string, JsonElement, bool> isWanted)
    {
        while (await NextAsync() is var (name, data))
        {
            if (isWanted(name, data))
                return data;
        }
        throw new InvalidOperationException("the stream ended before the event came");
    }

    /// <summary>Reads on to a comment that begins so, and tells the rest of it.</summary>
    public async Task<string> UntilCommentAsync(string beginning)
    {
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith(": " + beginning, StringComparison.Ordinal))
                return line[(": " + beginning).Length..];
        }
        throw new InvalidOperationException("the stream ended before the comment came");
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
