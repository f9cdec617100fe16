namespace Levada.Management.Lists;

/// <summary>A list cannot be given as it is asked for: 400, with RabbitMQ's word for it and a text.</summary>
internal sealed class ListFaultException(string error, string reason) : Exception(reason)
{
    public string Error { get; } = error;
}
