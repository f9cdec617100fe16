namespace Levada.Policies;

/// <summary>A definition that makes no sense, and nothing has changed: the text says what to change in it.</summary>
public sealed class RefusedDefinitionException(string text) : FormatException(text);
