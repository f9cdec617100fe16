using System.Buffers.Text;
using System.Security.Cryptography;

namespace Levada.Catalog;

/// <summary>What names of queues and exchanges may be.</summary>
internal static class Names
{
    private const string Reserved = "amq.";

    public static bool IsReserved(string name) => name.StartsWith(Reserved, StringComparison.Ordinal);

    /// <summary>
    /// Carriage returns and line feeds are dropped, as RabbitMQ does, before anything else is looked at.
    /// </summary>
    public static string Strip(string name)
    {
        if (name.AsSpan().IndexOfAny('\r', '\n') < 0)
            return name;
        return name.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
    }

    /// <summary>A name for a queue that was declared without one: nobody can guess it.</summary>
    public static string Generate() => "amq.gen-" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
