using Levada.Queues;

namespace Levada.Exchanges;

/// <summary>
/// Where one message goes, and the scratch to find that out. Owned by one thread at a time and used again for message
/// after message: once it has grown to what is needed it allocates nothing.
/// </summary>
public sealed class RouteResult
{
    private readonly DistinctList<Queue> _queues = new();
    private int _delayed;

    /// <summary>The queues, each once, in no particular order.</summary>
    public ReadOnlySpan<Queue> Queues => _queues.Items;

    /// <summary>
    /// The same exchange, at the version it had before, and the same routing key lead to the same queues for every
    /// message without CC and BCC headers (<see cref="Router.HasCarbonCopies"/>). False if headers took part, or the
    /// default exchange as somebody's alternate.
    /// </summary>
    public bool IsRepeatable { get; internal set; }

    /// <summary>An exchange that the message came to remembers its last messages.</summary>
    internal bool HasHistory { get; set; }

    /// <summary>It goes nowhere at once: its queues hold it back for exchanges that will find its way later.</summary>
    internal bool IsHeldBack => _delayed > 0 && _delayed == Queues.Length;

    internal TopicNodes TopicNodes { get; } = new();

    /// <summary>The exchanges that the message has come to, in the order they were found.</summary>
    internal DistinctList<Exchange> Exchanges { get; } = new();

    /// <summary>Destinations found so far, known ones too: tells whether an exchange led anywhere.</summary>
    internal int Found { get; private set; }

    /// <summary>Forgets everything, so that no queue or exchange is kept alive.</summary>
    public void Clear()
    {
        _queues.Clear();
        Exchanges.Clear();
        TopicNodes.Clear();
        Found = 0;
        IsRepeatable = true;
        HasHistory = false;
        _delayed = 0;
    }

    /// <summary>Keeps the queues and forgets the way to them.</summary>
    internal void Restart()
    {
        Exchanges.Clear();
        Found = 0;
        _delayed = 0;
    }

    internal void Add(BindingSet bindings)
    {
        foreach (var binding in bindings)
            Add(binding);
    }

    internal void Add(Binding binding)
    {
        if (binding.Queue is { } queue)
            Add(queue);
        else
            Add(binding.Exchange!);
    }

    internal void Add(Queue queue)
    {
        Found++;
        _queues.Add(queue);
    }

    /// <summary>The message waits here first; each exchange is come to once, and so is its queue.</summary>
    internal void AddDelayed(Queue queue)
    {
        _delayed++;
        Add(queue);
    }

    internal void Add(Exchange exchange)
    {
        Found++;
        Exchanges.Add(exchange);
    }
}
