using System.Globalization;
using System.Text.Json;
using Levada.Protocol;

namespace Levada.Policies;

/// <summary>From what somebody asks for to a policy, checked and answered as RabbitMQ does.</summary>
public static class PolicyRules
{
    private const int NameMax = 255;

    private static readonly string[] Mandatory = ["pattern", "definition"];

    /// <param name="vhost">Where.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="isOperator">It is an operator policy.</param>
    /// <param name="json">An object with pattern and definition; apply-to and priority if it likes.</param>
    /// <exception cref="RefusedDefinitionException">With RabbitMQ's text.</exception>
    public static Policy Read(string vhost, string name, bool isOperator, JsonElement json)
    {
        if (name.Length is 0 or > NameMax)
            throw Fault($"the name has 1 to {NameMax} characters");
        if (json.ValueKind != JsonValueKind.Object)
            throw Fault("a policy is a JSON object with pattern and definition");
        string[] missing = [.. Mandatory.Where(key => !json.TryGetProperty(key, out _))];
        if (missing.Length > 0)
        {
            throw new RefusedDefinitionException(
                $"[{string.Join(',', missing.Select(static key => $"{{key_missing,{key}}}"))}]");
        }
        return new Policy
        {
            VHost = vhost,
            Name = name,
            IsOperator = isOperator,
            Pattern = Pattern(json),
            ApplyTo = ApplyTo(json),
            Priority = Priority(json),
            Definition = Definition(json, isOperator),
        };
    }

    private static PolicyPattern Pattern(JsonElement json)
    {
        var pattern = json.GetProperty("pattern");
        if (pattern.ValueKind != JsonValueKind.String)
            throw Fault($"pattern should be a binary but was {Shown(pattern)}");
        try
        {
            return new PolicyPattern(pattern.GetString()!);
        }
        catch (FormatException fault)
        {
            throw Fault($"pattern should be regular expression but is invalid: {fault.Message}");
        }
    }

    private static PolicyTarget ApplyTo(JsonElement json)
    {
        if (!json.TryGetProperty("apply-to", out var target) || target.ValueKind == JsonValueKind.Null)
            return PolicyTarget.All;
        var name = target.ValueKind == JsonValueKind.String ? target.GetString()! : Shown(target);
        return PolicyTargets.Find(name) ?? throw Fault(
            $"apply-to '{name}' unrecognised; should be '{string.Join("', '", PolicyTargets.All)}'");
    }

    private static int Priority(JsonElement json)
    {
        if (!json.TryGetProperty("priority", out var priority) || priority.ValueKind == JsonValueKind.Null)
            return 0;
        // LavinMQ's clients and RabbitMQ's old ones send it as a text.
        if ((priority.ValueKind == JsonValueKind.Number && priority.TryGetInt32(out var number))
            || (priority.ValueKind == JsonValueKind.String
                && int.TryParse(priority.GetString(), CultureInfo.InvariantCulture, out number)))
        {
            return number;
        }
        throw Fault($"priority should be a number, actually was {Shown(priority)}");
    }

    private static FieldTable Definition(JsonElement json, bool isOperator)
    {
        var given = json.GetProperty("definition");
        if (given.ValueKind != JsonValueKind.Object)
            throw Fault($"definition must be a dictionary: {Shown(given)}");
        var definition = Fields(given);
        if (definition.Count == 0)
            throw Fault("no policy provided");
        var unknown = new List<string>();
        foreach (var (name, value) in definition)
        {
            if (PolicyKeys.Find(name, isOperator) is not { } key)
                unknown.Add($"{{{ErlangTerm.Of(name)},{ErlangTerm.Of(value)}}}");
            else if (!key.IsValid(value))
                throw Fault($"{ErlangTerm.Of(value)} is not a valid {key.What}");
        }
        if (unknown.Count > 0)
            throw Fault($"[{string.Join(',', unknown)}] are not recognised policy settings");
        return definition;
    }

    private static FieldTable Fields(JsonElement given)
    {
        try
        {
            return FieldTableJson.ReadTable(given);
        }
        catch (FormatException fault)
        {
            throw Fault($"definition: {fault.Message}");
        }
    }

    private static string Shown(JsonElement json) => ErlangTerm.Of(FieldTableJson.ReadValue(json));

    private static RefusedDefinitionException Fault(string text) => new($"Validation failed\n\n{text}\n");
}
