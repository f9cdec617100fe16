namespace Levada.Tests;

/// <summary>The broker sent something else than the test expects, or nothing in time. Fails the test.</summary>
public sealed class AmqpExpectationException(string message, Exception? inner = null) : Exception(message, inner);
