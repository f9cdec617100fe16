namespace Levada.Cli.Control;

/// <summary>How rows are written; rabbitmqctl's names.</summary>
internal enum OutputFormat
{
    /// <summary>Columns separated by tabs.</summary>
    Table,

    /// <summary>A table with frames.</summary>
    PrettyTable,

    Json,

    Csv,
}
