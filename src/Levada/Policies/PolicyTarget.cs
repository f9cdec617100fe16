namespace Levada.Policies;

/// <summary>What a policy is for, by the name that its `apply-to` has.</summary>
public enum PolicyTarget
{
    All,
    Queues,
    Exchanges,
    ClassicQueues,
    QuorumQueues,
    Streams,
}
