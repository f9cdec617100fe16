namespace Levada.Catalog;

/// <summary>A setting of a virtual host that a component of the broker, or a tool, keeps in the catalog.</summary>
/// <param name="VHost">Whose.</param>
/// <param name="Component">Who reads it, such as <c>shovel</c>.</param>
/// <param name="Name">Which of that component's.</param>
/// <param name="Json">Its value.</param>
public sealed record Parameter(string VHost, string Component, string Name, string Json);
