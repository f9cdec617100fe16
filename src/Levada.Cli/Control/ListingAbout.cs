namespace Levada.Cli.Control;

/// <summary>What a listing needs to know.</summary>
internal enum ListingAbout
{
    /// <summary>It is of the whole broker.</summary>
    Nothing,

    /// <summary>The option --vhost, "/" by default.</summary>
    VHost,

    /// <summary>A user, as the first argument.</summary>
    User,
}
