using Levada.Auth;

namespace Levada.Catalog;

/// <summary>
/// On whose behalf a method changes or uses definitions: one for each connection, from connection.open on.
/// </summary>
/// <param name="Catalog">Where.</param>
/// <param name="VHost">The virtual host that the connection opened.</param>
/// <param name="Access">What its user may do there.</param>
/// <param name="Connection">Who owns the exclusive queues that it declares; compared by reference.</param>
public sealed record Requester(CatalogStore Catalog, VHost VHost, Access Access, object Connection)
{
    /// <summary>The name of its user.</summary>
    public string User => Access.UserName;
}
