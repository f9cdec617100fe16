namespace Levada.Offline;

/// <summary>How far an offline tool is.</summary>
/// <param name="Stage">What it does.</param>
/// <param name="Done">So much of it is done.</param>
/// <param name="Total">Of so much; 0 if that is not known.</param>
public readonly record struct DataProgress(string Stage, long Done, long Total);
