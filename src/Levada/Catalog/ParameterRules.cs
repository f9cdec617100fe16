using System.Text;
using System.Text.Json;
using Levada.Policies;
using Levada.Protocol;

namespace Levada.Catalog;

/// <summary>
/// Parameters as RabbitMQ has them: limits of a virtual host and operator policies are among them. All others are kept
/// and given back as they came.
/// </summary>
public static class ParameterRules
{
    private const string LimitsComponent = "vhost-limits";
    private const string LimitsName = "limits";
    private const string OperatorComponent = "operator_policy";
    private const string PolicyComponent = "policy";

    /// <summary>The parameters of a virtual host at this moment, by component and name.</summary>
    public static IReadOnlyList<Parameter> All(VHost vhost)
    {
        var all = new List<Parameter>(vhost.Parameters.Values);
        if (vhost.Limits != VHostLimits.None)
            all.Add(new Parameter(vhost.Name, LimitsComponent, LimitsName, Json(vhost.Limits)));
        all.AddRange(vhost.Policies.Operator.All.Select(
            policy => new Parameter(vhost.Name, OperatorComponent, policy.Name, Json(policy))));
        return [.. all.OrderBy(static p => p.Component, StringComparer.Ordinal)
            .ThenBy(static p => p.Name, StringComparer.Ordinal)];
    }

    /// <summary>What sets a parameter, once it is part of a change.</summary>
    /// <param name="vhost">Where.</param>
    /// <param name="component">Whose it is.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="value">What it shall be.</param>
    /// <exception cref="RefusedDefinitionException">It makes no sense; with RabbitMQ's text.</exception>
    public static VHostChange Read(string vhost, string component, string name, JsonElement value)
    {
        switch (component)
        {
            case PolicyComponent:
                throw new RefusedDefinitionException("policies may not be set using this method");
            case OperatorComponent:
                return SetPolicy(PolicyRules.Read(vhost, name, isOperator: true, value));
            case LimitsComponent when name != LimitsName:
                throw Fault($"the parameter of {LimitsComponent} is called {LimitsName}");
            case LimitsComponent:
                return SetLimits(vhost, ReadLimits(value));
            default:
                var parameter = new Parameter(vhost, component, name, value.GetRawText());
                return new VHostChange(vhost)
                {
                    Set = (change, found) => ParameterSteps.Set(change, found, parameter),
                };
        }
    }

    /// <summary>Only an administrator may set its parameters.</summary>
    public static bool IsAdministrators(string component) => component is LimitsComponent or OperatorComponent;

    /// <summary>What sets a policy, once it is part of a change.</summary>
    public static VHostChange SetPolicy(Policy policy) => new(policy.VHost)
    {
        Check = vhost => PolicySteps.CheckSpeed(vhost, policy),
        Set = (change, vhost) => PolicySteps.Set(change, vhost, policy),
    };

    /// <summary>What sets the limits of a virtual host, once it is part of a change.</summary>
    public static VHostChange SetLimits(string vhost, VHostLimits limits) => new(vhost)
    {
        Set = (change, found) => ParameterSteps.SetLimits(change, found, limits),
    };

    /// <summary>A limit below 0 is none.</summary>
    /// <exception cref="RefusedDefinitionException">It makes no sense; with RabbitMQ's text.</exception>
    public static VHostLimits ReadLimits(JsonElement value)
    {
        var limits = VHostLimits.None;
        foreach (var property in Members(value))
            limits = LimitChange.Read(property.Name, property.Value).Apply(limits);
        return limits;
    }

    /// <summary>As a part of a change. Under the catalog's lock.</summary>
    internal static void Remove(Change change, VHost vhost, string component, string name)
    {
        if (component == LimitsComponent && name == LimitsName)
            ParameterSteps.SetLimits(change, vhost, VHostLimits.None);
        else if (component == OperatorComponent && vhost.NewestPolicies.Operator.Find(name) is { } policy)
            PolicySteps.Remove(change, vhost, policy);
        else if (vhost.NewestParameters.TryGetValue((component, name), out var parameter))
            ParameterSteps.Remove(change, vhost, parameter);
    }

    private static JsonElement.ObjectEnumerator Members(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : throw Fault("limits are a JSON object");

    private static string Json(VHostLimits limits) => Json(writer =>
    {
        if (limits.MaxConnections is { } connections)
            writer.WriteNumber(LimitChange.MaxConnections, connections);
        if (limits.MaxQueues is { } queues)
            writer.WriteNumber(LimitChange.MaxQueues, queues);
    });

    private static string Json(Policy policy) => Json(writer =>
    {
        writer.WriteString("pattern", policy.Pattern.Text);
        writer.WriteString("apply-to", policy.ApplyTo.Name());
        writer.WriteNumber("priority", policy.Priority);
        writer.WritePropertyName("definition");
        FieldTableJson.Write(writer, policy.Definition);
    });

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static RefusedDefinitionException Fault(string text) => new($"Validation failed\n\n{text}\n");
}
