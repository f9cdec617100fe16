namespace Levada.Amqp;

/// <summary>What is remembered of a connection and its channels when they are gone.</summary>
public sealed partial class Connection
{
    // The first reason counts, except that an error goes before the client's own close, which it answers. Written by
    // compare and exchange: the ticker may drop a connection while its turn closes it.
    private CloseReason? _closeReason;

    private void Closes(CloseReason reason) => Interlocked.CompareExchange(ref _closeReason, reason, null);

    // Before the client can know that it is over: who looks then finds it.
    private void RememberClosed()
    {
        if (VHost is null || _closeReason is not { } reason)
            return;
        Broker.Closed.Add(VHost, new ClosedSession
        {
            Name = Name,
            ConnectionName = Name,
            ClientName = ClientName,
            VHost = VHost.Name,
            User = UserName ?? "",
            Peer = Peer,
            Reason = reason,
            ClosedAt = Broker.Time.GetUtcNow(),
            OpenFor = Since(StartedMs),
            ChannelsOpened = ChannelsOpened,
            Counters = Counters.Copy(),
        });
    }
}
