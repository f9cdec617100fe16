namespace Levada.Amqp;

/// <summary>What became of an operator's request.</summary>
/// <param name="Outcome">In one word.</param>
/// <param name="Detail">What a word cannot say; empty if there is nothing.</param>
public readonly record struct OperatorResult(OperatorOutcome Outcome, string Detail = "")
{
    internal static readonly OperatorResult Done = new(OperatorOutcome.Done);
    internal static readonly OperatorResult AlreadySo = new(OperatorOutcome.AlreadySo);
    internal static readonly OperatorResult Gone = new(OperatorOutcome.Gone);
}
