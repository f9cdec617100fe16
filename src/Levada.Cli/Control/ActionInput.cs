using System.CommandLine;
using System.Globalization;
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

    /// <summary>An option that not every command has which comes here.</summary>
    public string? OptionOr(string name) =>
        result.CommandResult.Command.Options.Any(o => o.Name == name) ? Option(name) : null;

    public string? Option(string name) => result.GetValue<string>(name);

    /// <summary>A switch that not every command has which comes here.</summary>
    public bool FlagOr(string name) =>
        result.CommandResult.Command.Options.Any(o => o.Name == name) && Flag(name);

    public bool Flag(string name) => result.GetValue<bool>(name);

    /// <summary>An argument or option that is a whole number.</summary>
    /// <exception cref="ControlException">It is none.</exception>
    public int Number(string name)
    {
        var text = name.StartsWith('-') ? Option(name) : this[name];
        return int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
            : throw new ControlException(ControlExit.Usage, $"{name} {text} is no whole number");
    }

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
            throw new ControlException(ControlExit.Unavailable, $"JSON decoding error. Reason: {e.Message}");
        }
    }

    public void Say(string banner) => session.Say(banner);

    /// <summary>What the command was run for: shown whatever else is not.</summary>
    /// <param name="text">As text.</param>
    /// <param name="json">As JSON; without it an object with the text as `message`.</param>
    public void Tell(string text, JsonObject? json = null) => session.Tell(text, json);

    /// <summary>The broker's name for itself.</summary>
    public Task<string> NodeAsync() => session.NodeAsync();

    public Task PutAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Put, path, body);

    public Task PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    private Task<string> SendAsync(HttpMethod method, string path, JsonNode? body) =>
        session.Api.SendAsync(method, path, body);
}
