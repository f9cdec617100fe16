using Levada.Queues;

namespace Levada.Offline;

/// <summary>A queue in a data folder, or what an exchange holds back until its time comes.</summary>
/// <param name="Queue">Its definition; of the exchange's name if messages are held back.</param>
/// <param name="IsDelayed">It is what an exchange holds back.</param>
/// <param name="Messages">How many are on disk.</param>
/// <param name="Bytes">Of their bodies.</param>
public sealed record QueueContent(Queue Queue, bool IsDelayed, long Messages, long Bytes)
{
    public string VHost => Queue.VHost;

    public string Name => Queue.Name;
}
