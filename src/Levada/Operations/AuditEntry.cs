using Levada.Amqp;

namespace Levada.Operations;

/// <summary>One request of an operator and what became of it. Its texts are cut: it takes less than 3 KiB.</summary>
public sealed record AuditEntry
{
    private const int TextMax = 255;

    public required DateTimeOffset At { get; init; }

    public required string User
    {
        get;
        init => field = CloseReason.Cut(value, TextMax);
    }

    public required string From
    {
        get;
        init => field = CloseReason.Cut(value, TextMax);
    }

    public required OperatorAction Action { get; init; }

    /// <summary>What it was asked of, in words.</summary>
    public required string Target
    {
        get;
        init => field = CloseReason.Cut(value, TextMax);
    }

    /// <summary>Empty if none was given.</summary>
    public required string Reason
    {
        get;
        init => field = CloseReason.Cut(value, TextMax);
    }

    public required OperatorResult Result { get; init; }
}
