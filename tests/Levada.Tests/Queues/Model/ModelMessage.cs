namespace Levada.Tests.Queues.Model;

/// <summary>A message as the model knows it. Its body says its number, and is as long as it must be.</summary>
internal sealed class ModelMessage
{
    public required int Number { get; init; }

    public required int BodyBytes { get; init; }

    public required byte Priority { get; init; }

    public required bool IsPersistent { get; init; }

    /// <summary>Its own expiration, in ms.</summary>
    public int? ExpirationMs { get; set; }

    /// <summary>The latest first.</summary>
    public List<ModelDeath> Deaths { get; } = [];

    // Of its stay in the queue where it is.
    public long ArrivedAtMs { get; set; }

    public long Sequence { get; set; }

    public int Attempts { get; set; }

    public bool IsRedelivered { get; set; }

    public override string ToString() => $"{Number}{(IsRedelivered ? "*" : "")}";
}

internal sealed record ModelDeath(string Queue, string Reason, long Count);
