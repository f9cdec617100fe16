using System.Text;
using Levada.Configuration;

namespace Levada.Cli.Control;

/// <summary>
/// The saved profiles: a section each with the key `uri`, and others for TLS; before them `use`, the one that is taken
/// when nothing is said. Only its owner can read it, as passwords are in it.
/// </summary>
internal sealed class ProfileFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Where it is for this user.</summary>
    public static ProfileFile Usual { get; } = new(System.IO.Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "levada", "profiles"));

    public string Path => path;

    /// <summary>The one to take when nothing is said; null if there is none.</summary>
    /// <exception cref="ControlException">The file makes no sense.</exception>
    public string? InUse => Read().LastOrDefault(static s => s.Name == "use")?.Value;

    /// <exception cref="ControlException">The file makes no sense.</exception>
    public IReadOnlyList<Profile> All()
    {
        var settings = Read();
        return
        [
            .. settings.Where(static s => s.Name.EndsWith(".uri", StringComparison.Ordinal))
                .Select(s => (Name: s.Name[..^4], Uri: s.Value))
                .Select(p => new Profile(p.Name, p.Uri, new TlsFiles
                {
                    Authorities = Of(p.Name, "cacert"), Certificate = Of(p.Name, "cert"), Key = Of(p.Name, "key"),
                    IsInsecure = Of(p.Name, "insecure") == "true",
                })),
        ];

        string? Of(string name, string key) => settings.LastOrDefault(s => s.Name == $"{name}.{key}")?.Value;
    }

    /// <exception cref="ControlException">There is none of this name.</exception>
    public Profile Find(string name) => All().LastOrDefault(p => p.Name == name)
        ?? throw new ControlException(
            ControlExit.Usage, $"there is no profile '{name}': {path} has no section [{name}] with a key `uri`");

    /// <summary>Puts others in the place of what is there.</summary>
    /// <exception cref="ControlException">It cannot be written.</exception>
    public void Write(IEnumerable<Profile> profiles, string? inUse)
    {
        var text = new StringBuilder();
        if (inUse is not null)
            text.Append($"use = {inUse}\n");
        foreach (var profile in profiles)
        {
            text.Append($"\n[{profile.Name}]\nuri = {profile.Uri}\n");
            foreach (var (key, value) in ((string, string?)[])[
                ("cacert", profile.Tls.Authorities), ("cert", profile.Tls.Certificate), ("key", profile.Tls.Key),
                ("insecure", profile.Tls.IsInsecure ? "true" : null)])
            {
                if (value is not null)
                    text.Append($"{key} = {value}\n");
            }
        }
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            // Never readable by others, not even for a moment, and never half of it.
            var written = path + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            File.Delete(written);
            using (var file = new StreamWriter(written, options))
                file.Write(text);
            File.Move(written, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ControlException(ControlExit.Refused, $"the profiles cannot be saved: {e.Message}");
        }
    }

    private IReadOnlyList<Setting> Read()
    {
        if (!File.Exists(path))
            return [];
        try
        {
            return [.. ConfigurationFile.Read(path)];
        }
        catch (ConfigurationException e)
        {
            throw new ControlException(ControlExit.Usage, e.Message);
        }
    }
}
