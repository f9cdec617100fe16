namespace Levada.Definitions;

/// <summary>What an import makes of an object.</summary>
public enum DefinitionOutcome
{
    Added,

    Changed,

    /// <summary>It is there, and not the same; queues and exchanges are never changed.</summary>
    Kept,

    /// <summary>It is there already.</summary>
    Unchanged,
}
