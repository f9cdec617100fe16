namespace Levada.Protocol;

/// <summary>An argument of a method.</summary>
/// <param name="Name">As in the specification, with underscores; empty for a reserved one.</param>
/// <param name="Type">How it lies on the wire.</param>
public readonly record struct MethodArgument(string Name, ArgumentType Type);
