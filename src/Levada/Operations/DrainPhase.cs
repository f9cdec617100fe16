namespace Levada.Operations;

/// <summary>How far a node is out of service.</summary>
public enum DrainPhase
{
    InService,

    /// <summary>Nobody comes in and nothing is delivered; clients finish what they have.</summary>
    Draining,

    /// <summary>The clients were closed.</summary>
    Drained,
}
