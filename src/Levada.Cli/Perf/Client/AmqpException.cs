namespace Levada.Cli.Perf.Client;

/// <summary>
/// The broker closed the channel or the connection, refused the login, or spoke something that is not AMQP.
/// </summary>
internal sealed class AmqpException : IOException
{
    public AmqpException(string message) : base(message)
    {
    }

    public AmqpException(ushort code, string message) : base($"{code} {message}") => Code = code;

    /// <summary>The reply code of the close; 0 when there was none.</summary>
    public ushort Code { get; }
}
