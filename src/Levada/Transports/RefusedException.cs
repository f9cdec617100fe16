namespace Levada.Transports;

/// <summary>A client is turned away before it speaks AMQP; the message is for the log.</summary>
internal sealed class RefusedException(Refusal reason, string message, Exception? inner = null)
    : IOException(message, inner)
{
    public Refusal Reason { get; } = reason;
}
