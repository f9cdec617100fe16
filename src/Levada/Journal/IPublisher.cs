namespace Levada.Journal;

/// <summary>Who posted a batch, and gets its publish credit back once the batch's messages are taken care of.</summary>
public interface IPublisher
{
    void ReturnCredit(int bytes);
}
