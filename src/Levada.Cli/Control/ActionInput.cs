using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>What an action is given.</summary>
internal sealed class ActionInput(ParseResult result, ControlSession session)
{
    public ControlSession Session => session;

    public BrokerApi Api => session.Api;

    public string VHost => session.VHost;

    /// <summary>An argument that must be there.</summary>
    public string this[string argument] => result.GetValue<string>(argument)
        ?? throw new ControlException(ControlExit.Usage, $"{argument} is missing");

    public string? Optional(string argument) => result.GetValue<string?>(argument);

    public string[] Many(string argument) => result.GetValue<string[]>(argument) ?? [];

    public string? Option(string name) => result.GetValue<string>(name);

    public bool Flag(string name) => result.GetValue<bool>(name);

    /// <summary>An argument that is JSON.</summary>
    /// <exception cref="ControlException">It is none.</exception>
    public JsonNode? Json(string argument)
    {
        try
        {
            return JsonNode.Parse(this[argument]);
        }
        catch (JsonException e)
        {
            throw new ControlException(ControlExit.Usage, $"{argument} is no JSON: {e.Message}");
        }
    }

    public void Say(string banner) => session.Say(banner);

    public Task PutAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Put, path, body);

    public Task PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    private Task<string> SendAsync(HttpMethod method, string path, JsonNode? body) =>
        session.Api.SendAsync(method, path, body);
}
