namespace Levada.Journal;

/// <summary>A shard's number on this node, from 0.</summary>
public readonly record struct ShardId(int Value)
{
    public override string ToString() => Value.ToString();
}
