using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Levada.Management.Api;

/// <summary>The name of a channel in the API: `connection (number)`.</summary>
internal static class ChannelName
{
    /// <summary>False if it is none.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out string? connection, out ushort number)
    {
        connection = null;
        number = 0;
        // The connection's name has no bracket like this one.
        var bracket = name.IndexOf(" (", StringComparison.Ordinal);
        if (bracket < 0
            || !ushort.TryParse(name.AsSpan(bracket + 2).TrimEnd(')'), CultureInfo.InvariantCulture, out number))
        {
            return false;
        }
        connection = name[..bracket];
        return true;
    }
}
