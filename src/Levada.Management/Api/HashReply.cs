namespace Levada.Management.Api;

/// <summary>A password's hash. RabbitMQ names it ok, LavinMQ password_hash.</summary>
internal sealed record HashReply(string Ok, string PasswordHash);
