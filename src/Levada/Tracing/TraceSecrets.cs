using Levada.Protocol;

namespace Levada.Tracing;

/// <summary>Takes secrets out of methods before they are kept, so that no trace ever has one in memory.</summary>
internal static class TraceSecrets
{
    public static bool Has(uint method)
    {
        MethodArguments.TryGet(method, out var arguments);
        foreach (var argument in arguments)
        {
            if (argument.Type == ArgumentType.Secret)
                return true;
        }
        return false;
    }

    /// <summary>Overwrites them; of arguments that make no sense, all from there on.</summary>
    public static void Clear(uint method, Span<byte> args)
    {
        MethodArguments.TryGet(method, out var arguments);
        var reader = new AmqpReader(args);
        foreach (var argument in arguments)
        {
            var at = reader.Position;
            ArgumentReader.Read(ref reader, argument.Type);
            if (reader.Failed)
            {
                args[at..].Clear();
                return;
            }
            if (argument.Type == ArgumentType.Secret)
                args[(at + sizeof(uint))..reader.Position].Clear();
        }
        args[reader.Position..].Clear();
    }
}
