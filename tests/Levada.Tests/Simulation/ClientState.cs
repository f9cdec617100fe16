namespace Levada.Tests.Simulation;

/// <summary>How far a simulated client is, as it knows itself.</summary>
internal enum ClientState
{
    Handshaking,
    Open,

    /// <summary>connection.close is sent.</summary>
    Closing,

    /// <summary>Nothing more is sent, and nothing more may come.</summary>
    Over,
}
