namespace Levada.Cli.Control.Views;

/// <summary>What a column's value is, which says how it is shown and sorted.</summary>
internal enum ViewKind
{
    Text,

    Count,

    /// <summary>An amount of memory or traffic.</summary>
    Bytes,

    /// <summary>Something counted, shown by how much it grows a second.</summary>
    Rate,

    /// <summary>The same of bytes.</summary>
    ByteRate,

    /// <summary>Milliseconds.</summary>
    Milliseconds,
}
