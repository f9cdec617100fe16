using Levada.Protocol;

namespace Levada.Tracing;

/// <summary>What is wrong, in words, when a method tells of it.</summary>
internal static class TraceErrors
{
    /// <returns>Null for a method that tells of nothing wrong.</returns>
    public static string? Of(uint method, TraceEntry entry)
    {
        switch (method)
        {
            case MethodId.ConnectionClose or MethodId.ChannelClose or MethodId.BasicReturn:
                return OfReply(method, entry.Arguments);
            case MethodId.ConnectionBlocked:
                return $"publishing on this connection waits: {Text(entry.Arguments, "reason")}";
            case MethodId.BasicNack when entry.IsOut:
                return "the broker has not taken care of what was published";
            case MethodId.BasicCancel when entry.IsOut:
                return "the broker has cancelled the consumer";
            default:
                return null;
        }
    }

    private static string? OfReply(uint method, FieldTable arguments)
    {
        var code = (ushort)Number(arguments, "reply_code");
        if (code is 0 or ReplyCode.Success)
            return null;
        var text = Text(arguments, "reply_text");
        var name = ReplyCode.Name(code);
        // The broker's texts begin with the name; clients write what they like.
        var words = text.StartsWith(name, StringComparison.Ordinal) ? $"{code} {text}" : $"{code} {name} - {text}";
        if (method == MethodId.BasicReturn)
            return $"{words}, the message came back";
        var cause = ((uint)Number(arguments, "class_id") << 16) | (uint)Number(arguments, "method_id");
        return cause == 0 ? words : $"{words}, caused by {MethodId.Name(cause)}";
    }

    private static long Number(FieldTable arguments, string name) =>
        arguments.TryGet(name, out var value) && value.TryGetInteger(out var number) ? number : 0;

    private static string Text(FieldTable arguments, string name) =>
        arguments.TryGet(name, out var value) && value.TryGetString(out var text) ? text : "";
}
