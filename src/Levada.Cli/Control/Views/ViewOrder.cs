namespace Levada.Cli.Control.Views;

/// <summary>Which rows of a view are wanted, and in which order.</summary>
internal sealed record ViewOrder
{
    public required ViewColumn Sort { get; init; }

    /// <summary>Against the usual: numbers fall, texts rise.</summary>
    public bool IsReversed { get; init; }

    public IReadOnlyList<RowFilter> Filters { get; init; } = [];

    /// <summary>At most so many rows.</summary>
    public int Limit { get; init; } = int.MaxValue;

    /// <summary>So many are left out first.</summary>
    public int Skip { get; init; }

    /// <summary>Only of this virtual host; null for all.</summary>
    public string? VHost { get; init; }

    public bool IsFalling => Sort.IsNumber != IsReversed;
}
