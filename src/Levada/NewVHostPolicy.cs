using System.Text.Json;
using Levada.Auth;
using Levada.Policies;

namespace Levada;

/// <summary>
/// An operator policy that a new virtual host gets if its name matches (<c>default_policies.operator</c>).
/// </summary>
public sealed class NewVHostPolicy
{
    private readonly JsonElement _json;

    /// <param name="id">What it is called, in the configuration and then in the virtual host.</param>
    /// <param name="vhosts">Which virtual hosts.</param>
    /// <param name="json">As over HTTP: pattern, definition and apply-to.</param>
    /// <exception cref="FormatException">It could not be set.</exception>
    public NewVHostPolicy(string id, NamePattern vhosts, JsonElement json)
    {
        (Id, VHosts, _json) = (id, vhosts, json);
        try
        {
            For("");
        }
        catch (RefusedDefinitionException fault)
        {
            throw new FormatException(fault.Message, fault);
        }
    }

    public string Id { get; }

    public NamePattern VHosts { get; }

    /// <summary>One for a virtual host: a pattern has a time for all names of its own.</summary>
    public Policy For(string vhost) => PolicyRules.Read(vhost, Id, isOperator: true, _json);

    public override string ToString() => $"{Id} ({VHosts.Pattern}: {_json.GetRawText()})";
}
