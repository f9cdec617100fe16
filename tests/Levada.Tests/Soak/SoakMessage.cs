namespace Levada.Tests.Soak;

/// <summary>
/// Which message it is: numbers rise with each of a publisher, over all its connections. Order is promised to those of
/// one connection only: what an earlier one left unread in the broker may be applied later.
/// </summary>
internal readonly record struct SoakMessage(int Publisher, int Connection, int Number)
{
    public override string ToString() => $"{Publisher}/{Connection}/{Number}";
}
