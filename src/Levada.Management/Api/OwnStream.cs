namespace Levada.Management.Api;

/// <summary>Marks an endpoint whose answer goes on by itself, so that it is not asked again and again.</summary>
internal sealed class OwnStream
{
    public static OwnStream Mark { get; } = new();
}
