using System.CommandLine;
using System.Text.RegularExpressions;
using Levada.Cli.Control.Views;

namespace Levada.Cli.Control;

/// <summary><c>levada profile</c>: saved addresses of brokers.</summary>
internal static partial class ProfileCommand
{
    public static Command Create(ControlOptions options)
    {
        var name = new Argument<string>("PROFILE") { Description = "Its name." };
        name.CompletionSources.Add(_ => Names());
        var uri = new Argument<string>("URI") { Description = "http[s]://user:password@host:port." };
        var use = new Option<bool>("--use") { Description = "Take it from now on when nothing is said." };
        var add = new Command("add", "Saves an address; a password that is left out is read from standard input.")
        {
            name, uri, use,
        };
        options.AddTlsTo(add);
        add.SetAction((result, _) => Guard(() => Add(
            result.GetRequiredValue(name), result.GetRequiredValue(uri), options.TlsOf(result), result.GetValue(use))));
        var list = new Command("list", "Shows what is saved, without passwords.");
        list.SetAction((_, _) => Guard(List));
        var remove = new Command("remove", "Forgets one.") { name };
        remove.SetAction((result, _) => Guard(() => Remove(result.GetRequiredValue(name))));
        var none = new Option<bool>("--none") { Description = "None from now on." };
        var which = new Argument<string?>("PROFILE") { Description = "Its name.", Arity = ArgumentArity.ZeroOrOne };
        which.CompletionSources.Add(_ => Names());
        var choose = new Command("use", "Takes one from now on when nothing is said.") { which, none };
        choose.SetAction((result, _) => Guard(() => Use(result.GetValue(which), result.GetValue(none))));
        return new Command("profile", "Saves addresses of brokers, for --profile.") { add, list, remove, choose };
    }

    /// <summary>For completion; none if the file makes no sense.</summary>
    public static IEnumerable<System.CommandLine.Completions.CompletionItem> Names()
    {
        try
        {
            return ProfileFile.Usual.All()
                .Select(static p => new System.CommandLine.Completions.CompletionItem(p.Name, detail: Shown(p)));
        }
        catch (ControlException)
        {
            return [];
        }
    }

    private static Task<int> Guard(Action action) => ControlCommands.GuardAsync(() =>
    {
        action();
        return Task.FromResult(ControlExit.Done);
    });

    private static void Add(string name, string uri, TlsFiles tls, bool use)
    {
        if (!ProfileName().IsMatch(name) || name == "use")
            throw new ControlException(ControlExit.Usage, $"'{name}' is no name: letters, digits, - and _");
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            throw new ControlException(ControlExit.Usage, $"'{uri}' is no http:// or https:// address");
        if (parsed.UserInfo.Length > 0 && !parsed.UserInfo.Contains(':'))
        {
            var password = PasswordInput.Read($"password of {Uri.UnescapeDataString(parsed.UserInfo)}");
            uri = new UriBuilder(parsed) { Password = Uri.EscapeDataString(password) }.Uri.AbsoluteUri;
        }
        var file = ProfileFile.Usual;
        var profile = new Profile(name, uri, tls);
        file.Write(file.All().Where(p => p.Name != name).Append(profile), use ? name : file.InUse);
        Console.Out.WriteLine($"Saved {name} in {file.Path}");
    }

    private static void List()
    {
        var used = ProfileFile.Usual.InUse;
        TableText.Write(
            ["profile", "in use", "uri"],
            [.. ProfileFile.Usual.All().Select(p => new[] { p.Name, p.Name == used ? "yes" : "", Shown(p) })]);
    }

    private static void Remove(string name)
    {
        var file = ProfileFile.Usual;
        var gone = file.Find(name);
        file.Write(file.All().Where(p => p != gone), file.InUse == name ? null : file.InUse);
        Console.Out.WriteLine($"Removed {name}");
    }

    private static void Use(string? name, bool none)
    {
        if (none == (name is not null))
            throw new ControlException(ControlExit.Usage, "give the name of a profile, or --none");
        var file = ProfileFile.Usual;
        if (name is not null)
            file.Find(name);
        file.Write(file.All(), name);
    }

    private static string Shown(Profile profile)
    {
        var uri = new UriBuilder(profile.Uri);
        if (uri.Password.Length > 0)
            uri.Password = "***";
        return uri.ToString();
    }

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex ProfileName();
}
