namespace Levada.Catalog;

/// <summary>What one virtual host may hold; null for no limit.</summary>
public sealed record VHostLimits(int? MaxQueues = null, int? MaxConnections = null)
{
    public static VHostLimits None { get; } = new();
}
