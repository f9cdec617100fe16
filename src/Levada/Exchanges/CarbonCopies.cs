using Levada.Amqp;
using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>
/// Walks the further routing keys that a publisher put in the headers CC and BCC (RabbitMQ's sender-selected
/// distribution). Items that are not strings are passed over, as RabbitMQ does.
/// </summary>
internal ref struct CarbonCopies(ReadOnlySpan<byte> headers)
{
    private FieldTableReader _headers = new(headers);
    private FieldArrayReader _keys;

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <exception cref="AmqpException">CC or BCC is not an array: 406, closes the channel.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            while (_keys.Next())
            {
                if (_keys.Type != FieldType.LongString)
                    continue;
                Current = _keys.Value;
                return true;
            }

            do
            {
                if (!_headers.Next())
                    return false;
            }
            while (!IsCopyHeader(_headers.Key));
            if (_headers.Type != FieldType.Array)
                throw Errors.NotAnArrayOfKeys(_headers.Key, _headers.Type);
            _keys = new FieldArrayReader(_headers.Value);
        }
    }

    public static bool Any(ReadOnlySpan<byte> headers)
    {
        for (var reader = new FieldTableReader(headers); reader.Next();)
        {
            if (IsCopyHeader(reader.Key))
                return true;
        }

        return false;
    }

    private static bool IsCopyHeader(ReadOnlySpan<byte> key) => key.SequenceEqual("CC"u8) || key.SequenceEqual("BCC"u8);
}
