namespace Levada.Management.Api;

/// <summary>The body of every answer that is not a success.</summary>
internal sealed record ErrorReply(string Error, string Reason);
