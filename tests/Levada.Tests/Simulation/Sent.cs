namespace Levada.Tests.Simulation;

/// <summary>
/// Something a simulated channel has sent, until it is known that the broker has carried it out: by the reply, or by
/// the reply to something sent later, as a channel's frames are carried out in order.
/// </summary>
internal sealed class Sent(uint method)
{
    public uint Method { get; } = method;

    /// <summary>Methods that answer it; none if it is not answered.</summary>
    public uint[] Replies { get; init; } = [];

    /// <summary>Codes that it may close the channel with, as others change what it names.</summary>
    public ushort[] MayFailWith { get; init; } = [];

    /// <summary>A mistake on purpose: being carried out would be wrong.</summary>
    public bool MustFail { get; init; }

    /// <summary>It was carried out.</summary>
    public Action? Done { get; init; }

    /// <summary>The channel is over, and nobody knows whether it was carried out.</summary>
    public Action? Unsure { get; init; }
}
