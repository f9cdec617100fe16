namespace Levada.Exchanges;

/// <summary>The words of a topic, divided by dots. An empty topic has none; one dot divides two empty words.</summary>
internal ref struct TopicWords(ReadOnlySpan<byte> topic)
{
    private ReadOnlySpan<byte> _rest = topic;
    private bool _atEnd = topic.IsEmpty;

    public bool TryTake(out ReadOnlySpan<byte> word)
    {
        if (_atEnd)
        {
            word = default;
            return false;
        }

        var dot = _rest.IndexOf((byte)'.');
        if (dot < 0)
        {
            word = _rest;
            _atEnd = true;
        }
        else
        {
            word = _rest[..dot];
            _rest = _rest[(dot + 1)..];
        }

        return true;
    }
}
