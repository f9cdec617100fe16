namespace Levada.Cli.Proxy;

/// <summary>What a client's reader does after the frames it could handle.</summary>
internal enum ClientStep
{
    /// <summary>Read on.</summary>
    Receive,

    /// <summary>Open another shared upstream connection, then take the same frame again.</summary>
    NeedsUpstream,

    /// <summary>Move the channel to a connection of the client's own, then take the same frame again.</summary>
    NeedsOwn,

    /// <summary>Wait until upstream has taken what was sent.</summary>
    NeedsRoom,

    /// <summary>The client closes the connection.</summary>
    Leave,

    /// <summary>It is over.</summary>
    End,
}
