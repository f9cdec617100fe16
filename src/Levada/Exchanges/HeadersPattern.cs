using System.Text;
using Levada.Protocol;

namespace Levada.Exchanges;

/// <summary>
/// What a binding of a headers exchange asks of a message's headers (AMQP 0-9-1, section 3.1.3.4, with RabbitMQ's
/// <c>all-with-x</c> and <c>any-with-x</c>). Values are compared as RabbitMQ does: numbers by value whatever their wire
/// types, text with text, and a void value asks only that the header is there. Immutable.
/// </summary>
internal sealed class HeadersPattern
{
    private const string MatchArgument = "x-match";

    private readonly Field[] _fields;
    private readonly bool _any;

    public HeadersPattern(FieldTable arguments)
    {
        var match = arguments.TryGet(MatchArgument, out var value) && value.TryGetString(out var text) ? text : "all";
        _any = match is "any" or "any-with-x";
        var withX = match is "all-with-x" or "any-with-x";
        _fields = [.. arguments
            .Where(field => field.Key != MatchArgument)
            .Where(field => withX || !field.Key.StartsWith("x-", StringComparison.Ordinal))
            .Select(field => new Field(Encoding.UTF8.GetBytes(field.Key), field.Value))];
    }

    /// <summary>Null if the arguments can be a binding's; else what is wrong with <c>x-match</c>.</summary>
    public static string? Fault(FieldTable arguments)
    {
        const string Expected = "expected all, any, all-with-x, or any-with-x";
        if (!arguments.TryGet(MatchArgument, out var value))
            return null;
        if (!value.TryGetString(out var match))
            return $"Invalid x-match field type {value.TypeName} (value {value}); expected longstr";
        return match is "all" or "any" or "all-with-x" or "any-with-x"
            ? null
            : $"Invalid x-match field value '{match}'; {Expected}";
    }

    public bool Matches(ReadOnlySpan<byte> headers)
    {
        foreach (ref readonly var field in _fields.AsSpan())
        {
            if (field.IsIn(headers) == _any)
                return _any;
        }

        return !_any;
    }

    private readonly struct Field(byte[] key, FieldValue value)
    {
        private readonly byte[] _key = key;
        private readonly FieldValue _value = value;

        public bool IsIn(ReadOnlySpan<byte> headers)
        {
            var found = false;
            for (var reader = new FieldTableReader(headers); reader.Next();)
            {
                // Of headers with one name the last one counts, so the walk goes on.
                if (reader.Key.SequenceEqual(_key))
                    found = _value.Type == FieldType.Void || Equals(reader);
            }

            return found;
        }

        private bool Equals(in FieldTableReader header)
        {
            if (_value.Type is FieldType.LongString or FieldType.Binary)
            {
                return header.Type is FieldType.LongString or FieldType.Binary
                    && header.Value.SequenceEqual(_value.AsBytes.Span);
            }

            if (_value.TryGetInteger(out var expected) && header.TryGetInteger(out var number))
                return expected == number;
            return header.Type != FieldType.LongString && _value.SameValue(header.ToFieldValue());
        }
    }
}
