using Xunit;

namespace Levada.Tests.Soak;

/// <summary>That a soak can fail: what its accounts find, and what they must let pass.</summary>
public sealed class QueueLedgerTests : IDisposable
{
    private readonly Findings _findings = new();
    private readonly QueueLedger _ledger;
    private readonly Dictionary<(int, int), int> _lastFresh = [];
    private bool _isKilled;

    public QueueLedgerTests()
    {
        _ledger = new QueueLedger("q", _findings);
        for (var number = 0; number < 3; number++)
        {
            _ledger.Sent(1, number);
            _ledger.Confirmed(1, number);
        }
    }

    public void Dispose() => _findings.Dispose();

    [Fact]
    public void All_that_is_confirmed_and_settled_once_in_order_is_right()
    {
        foreach (var number in (int[])[0, 1, 2])
            Consume(number);
        _ledger.CheckAllArrived();
        Assert.Empty(_findings.All);
    }

    [Fact]
    public void A_confirmed_message_that_nobody_got_is_lost()
    {
        Consume(0);
        Consume(2);
        _ledger.CheckAllArrived();
        Assert.Contains("LOST 1 confirmed messages of publisher 1: 1 (Confirmed)", Assert.Single(_findings.All));
    }

    [Fact]
    public void A_delivery_that_was_never_acknowledged_and_did_not_return_is_lost()
    {
        Consume(0);
        Consume(1);
        _ledger.Delivered(Message(2), redelivered: false, _lastFresh);
        _ledger.CheckAllArrived();
        Assert.Contains("LOST 1", Assert.Single(_findings.All));
    }

    [Fact]
    public void Messages_of_one_connection_come_in_order()
    {
        Consume(1);
        Consume(0);
        Assert.Contains("came after 1", Assert.Single(_findings.All));
    }

    [Fact]
    public void Order_is_not_promised_to_what_is_redelivered_or_sent_by_another_connection()
    {
        Consume(1);
        Consume(0, redelivered: true);
        _ledger.Delivered(new SoakMessage(1, 2, 2), redelivered: false, _lastFresh);
        Assert.Empty(_findings.All);
    }

    [Fact]
    public void Nothing_comes_twice_without_the_mark()
    {
        Consume(0);
        _ledger.Delivered(Message(0), redelivered: false, []);
        Assert.Contains("twice without the redelivered mark", Assert.Single(_findings.All));
    }

    [Fact]
    public void What_is_settled_does_not_come_back()
    {
        Consume(0);
        Consume(0, redelivered: true);
        Assert.Contains("was settled and came back", Assert.Single(_findings.All));
    }

    [Fact]
    public void What_was_settled_just_before_a_kill_may_come_back_once()
    {
        Consume(0);
        _ledger.Killed();
        Consume(0, redelivered: true);
        Assert.Empty(_findings.All);
        Consume(0, redelivered: true);
        Assert.Single(_findings.All);
    }

    [Fact]
    public void What_is_known_to_be_settled_only_after_the_kill_may_come_back()
    {
        _ledger.Killed();
        _isKilled = true;
        Consume(0);
        _isKilled = false;
        Consume(0, redelivered: true);
        Assert.Empty(_findings.All);
    }

    private static SoakMessage Message(int number) => new(1, 1, number);

    private void Consume(int number, bool redelivered = false)
    {
        _ledger.Delivered(Message(number), redelivered, _lastFresh);
        _ledger.AckSent(Message(number));
        _ledger.Settled([Message(number)], () => !_isKilled);
    }
}
