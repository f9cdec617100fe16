namespace Levada.Operations;

/// <summary>Who asks for something, and why.</summary>
/// <param name="User">A user of the broker, who is logged in.</param>
/// <param name="From">Where the request comes from, such as an address.</param>
/// <param name="Reason">In the operator's words; null if none is given.</param>
public sealed record OperatorRequest(string User, string From, string? Reason = null);
