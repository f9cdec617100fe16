using System.Security.Cryptography;
using System.Text.Json;

namespace Levada.Definitions;

/// <summary>The definitions that the configuration names (<c>load_definitions</c>).</summary>
public static class DefinitionsFiles
{
    /// <summary>Largest file, in bytes: as much as a request may bring.</summary>
    private const int LengthMax = 32 << 20;

    /// <summary>Reads a file, or all *.json of a folder in the order of their names as if they were one.</summary>
    /// <returns>What they say, and a hash of their bytes.</returns>
    /// <exception cref="IOException">
    /// One cannot be read or is no definitions file: the text says which, and why.
    /// </exception>
    public static (DefinitionsDocument Document, string Hash) Read(string path)
    {
        string[] files = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal)]
            : [path];
        var whole = DefinitionsDocument.Make();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
            whole.Append(ReadOne(file, hash));
        return (whole, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    private static DefinitionsDocument ReadOne(string path, IncrementalHash hash)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LengthMax })
                throw new FormatException($"it is longer than {LengthMax} bytes");
            var bytes = File.ReadAllBytes(path);
            hash.AppendData(bytes);
            using var json = JsonDocument.Parse(bytes);
            return DefinitionsDocument.Read(json.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or FormatException or IOException)
        {
            throw new IOException($"load_definitions: {path}: {fault.Message}", fault);
        }
    }
}
