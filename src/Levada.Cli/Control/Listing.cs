namespace Levada.Cli.Control;

/// <summary>A command that lists things: rabbitmqctl's name, columns and first line.</summary>
/// <param name="Name">Of the command.</param>
/// <param name="Description">For the help.</param>
/// <param name="Banner">The line before the table; {0} is what the path is about, the vhost mostly.</param>
/// <param name="Path">Below /api; {0} likewise, escaped.</param>
/// <param name="About">What {0} is.</param>
/// <param name="Columns">All there are. Those to show without being asked for come first.</param>
/// <param name="Defaults">How many these are.</param>
internal sealed record Listing(
    string Name, string Description, string Banner, string Path, ListingAbout About, IReadOnlyList<Column> Columns,
    int Defaults)
{
    /// <summary>The order of the columns, however they are asked for; empty for as they are asked for.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>It says how long it waits before it says what it lists.</summary>
    public bool TellsTimeout { get; init; }

    /// <summary>Only the values of the last column are shown, without a header.</summary>
    public bool IsBare { get; init; }

    /// <summary>--user says whose to show, by this, and not who asks; null if it is no such list.</summary>
    public Func<ControlSession, string, Task>? ShowOfUserAsync { get; init; }

    /// <summary>Switches that rabbitmqctl has for it and that change nothing here.</summary>
    public IReadOnlyList<string> Switches { get; init; } = [];
}
