using System.Text.Json.Serialization.Metadata;

namespace Levada.Management.OpenApi;

/// <summary>What the document says of one method of one path.</summary>
/// <param name="Summary">What it does, in a line.</param>
internal sealed record Operation(string Summary)
{
    /// <summary>The part of the API that it belongs to.</summary>
    public string Tag { get; init; } = "";

    /// <summary>What is answered; null if nothing is, or it is no JSON of a type.</summary>
    public JsonTypeInfo? Reply { get; init; }

    /// <summary>The answer is a list of those, which takes the parameters of lists.</summary>
    public bool IsList { get; init; }

    /// <summary>The status of success.</summary>
    public int Success { get; init; } = 200;

    /// <summary>The answer's type if it is no JSON.</summary>
    public string? MediaType { get; init; }

    /// <summary>An example of the body that the request brings, as JSON; null if it brings none.</summary>
    public string? Body { get; init; }

    /// <summary>Parameters of the query: a name, and what it does.</summary>
    public (string Name, string Meaning)[] Query { get; init; } = [];

    /// <summary>One object.</summary>
    public static Operation One(string summary, JsonTypeInfo reply) => new(summary) { Reply = reply };

    /// <summary>A list of objects.</summary>
    public static Operation List(string summary, JsonTypeInfo item) => new(summary) { Reply = item, IsList = true };

    /// <summary>A change that is answered with no content.</summary>
    public static Operation Done(string summary, string? body = null) => new(summary) { Success = 204, Body = body };

    /// <summary>Makes something, or changes it if it is there (204).</summary>
    public static Operation Made(string summary, string? body = null) => new(summary) { Success = 201, Body = body };

    /// <summary>Something that was asked for by a body.</summary>
    public static Operation Asked(string summary, JsonTypeInfo reply, string body) =>
        new(summary) { Reply = reply, Body = body };
}
