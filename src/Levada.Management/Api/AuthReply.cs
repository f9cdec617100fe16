namespace Levada.Management.Api;

/// <summary>That OAuth is not to be used; under the keys of several versions of RabbitMQ.</summary>
internal sealed record AuthReply
{
    public bool EnableUaa { get; }

    public string UaaClientId { get; } = "";

    public string UaaLocation { get; } = "";

    public bool OauthEnabled { get; }
}
