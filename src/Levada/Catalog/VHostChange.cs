namespace Levada.Catalog;

/// <summary>A policy, parameter or limit that was read, to be made part of a change.</summary>
/// <param name="VHost">Where.</param>
public sealed record VHostChange(string VHost)
{
    /// <summary>What is to be asked of the virtual host before anything is changed; throws if it cannot be.</summary>
    internal Action<VHost> Check { get; init; } = static _ => { };

    /// <summary>Does it. Under the catalog's lock; never throws.</summary>
    internal Action<Change, VHost> Set { get; init; } = static (_, _) => { };
}
