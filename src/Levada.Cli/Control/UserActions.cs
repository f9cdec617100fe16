using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>Users, their rights and their limits.</summary>
internal static class UserActions
{
    private static readonly Func<ActionInput, ControlException> NoUser = static i =>
        new ControlException(ControlExit.NoAccess, $"User \"{i["USER"]}\" does not exist");

    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("add_user", "Creates a user without any permissions.", ["USER", "[PASSWORD]"], AddAsync)
        {
            Options = [("--tags", "Its tags, separated by commas.")],
            Flags = [("--pre-hashed-password", "PASSWORD is a hash as hash_password makes it.")],
        },
        new("delete_user", "Removes a user, and closes its connections.", ["USER"], i =>
        {
            i.Say($"Deleting user \"{i["USER"]}\" ...");
            return i.DeleteAsync(BrokerApi.Path("users", i["USER"]));
        }) { Missing = NoUser },
        new("change_password", "Gives a user another password.", ["USER", "[PASSWORD]"], async i =>
        {
            i.Say($"Changing password for user \"{i["USER"]}\" ...");
            await UpdateAsync(i, Secret(i));
        }) { Missing = NoUser },
        new("clear_password", "Lets a user no longer log in by password.", ["USER"], async i =>
        {
            i.Say($"Clearing password for user \"{i["USER"]}\" ...");
            await UpdateAsync(i, ("password_hash", ""));
        }) { Missing = NoUser },
        new("set_user_tags", "Gives a user tags: administrator, monitoring, policymaker, management, or none.",
            ["USER", "TAG..."], async i =>
            {
                i.Say($"Setting tags for user \"{i["USER"]}\" to [{string.Join(", ", i.Many("TAG"))}] ...");
                await UpdateAsync(i, ("tags", string.Join(',', i.Many("TAG"))));
            }) { Missing = NoUser },
        new("authenticate_user", "Tries whether a password is right.", ["USER", "PASSWORD"], AuthenticateAsync),
        new("hash_password", "Shows the hash of a password, for definitions.", ["PASSWORD"], async i =>
        {
            var answer = await i.Api.GetAsync(BrokerApi.Path("auth", "hash_password", i["PASSWORD"]));
            Console.Out.WriteLine(answer.GetProperty("ok").GetString());
        }),
        new("set_permissions", "Gives a user rights in a vhost: three regular expressions for names.",
            ["USER", "CONFIGURE", "WRITE", "READ"], i =>
            {
                i.Say($"Setting permissions for user \"{i["USER"]}\" in vhost \"{i.VHost}\" ...");
                return GiveAsync(i, "permissions", RightsOf(i));
            }) { Missing = NoUser },
        new("set_permissions_globally", "Gives a user the same rights in all vhosts.",
            ["USER", "CONFIGURE", "WRITE", "READ"], async i =>
            {
                i.Say($"Setting permissions for user \"{i["USER"]}\" in all virtual hosts ...");
                await i.Api.GetAsync(BrokerApi.Path("users", i["USER"]));
                foreach (var vhost in (await i.Api.GetAsync("/api/vhosts")).EnumerateArray())
                {
                    var path = BrokerApi.Path("permissions", vhost.GetProperty("name").GetString()!, i["USER"]);
                    await i.PutAsync(path, RightsOf(i));
                }
            }) { Missing = NoUser },
        new("clear_permissions", "Takes a user's rights in a vhost.", ["USER"], i =>
        {
            i.Say($"Clearing permissions for user \"{i["USER"]}\" in vhost \"{i.VHost}\" ...");
            return TakeAsync(i, "permissions");
        }),
        new("set_topic_permissions", "Gives a user rights by routing key on a topic exchange.",
            ["USER", "EXCHANGE", "WRITE", "READ"], i =>
            {
                i.Say($"Setting topic permissions on \"{i["EXCHANGE"]}\" for user \"{i["USER"]}\" "
                    + $"in vhost \"{i.VHost}\" ...");
                return GiveAsync(i, "topic-permissions", new JsonObject
                {
                    ["exchange"] = i["EXCHANGE"], ["write"] = i["WRITE"], ["read"] = i["READ"],
                });
            }) { Missing = NoUser },
        new("clear_topic_permissions", "Takes a user's rights by routing key.", ["USER"], i =>
        {
            i.Say($"Clearing topic permissions for user \"{i["USER"]}\" in vhost \"{i.VHost}\" ...");
            return TakeAsync(i, "topic-permissions");
        }),
        new("set_user_limits", "Limits a user's connections and channels: {\"max-connections\":N,\"max-channels\":N}.",
            ["USER", "DEFINITION"], i => LimitActions.SetAsync(i, "user", "user-limits", i["USER"]))
        {
            Missing = NoUser,
        },
        new("clear_user_limits", "Takes a limit of a user away: max-connections, max-channels or all.",
            ["USER", "LIMIT"], i => LimitActions.ClearAsync(i, "user", "user-limits", i["USER"])),
    ];

    private static async Task AddAsync(ActionInput i)
    {
        i.Say($"Adding user \"{i["USER"]}\" ...");
        var (key, value) = Secret(i);
        if (await ExistsAsync(i))
            throw new ControlException(ControlExit.Refused, $"User \"{i["USER"]}\" already exists");
        await i.PutAsync(BrokerApi.Path("users", i["USER"]), new JsonObject
        {
            [i.Flag("--pre-hashed-password") ? "password_hash" : key] = value, ["tags"] = i.Option("--tags") ?? "",
        });
        i.Tell("Done. Don't forget to grant the user permissions to some virtual hosts! See 'levada help "
            + "set_permissions' to learn more.");
    }

    private static JsonObject RightsOf(ActionInput i) => new()
    {
        ["configure"] = i["CONFIGURE"], ["write"] = i["WRITE"], ["read"] = i["READ"],
    };

    // The API says only that one of them is not there.
    private static async Task GiveAsync(ActionInput i, string kind, JsonObject rights)
    {
        try
        {
            await i.PutAsync(BrokerApi.Path(kind, i.VHost, i["USER"]), rights);
        }
        catch (ControlException e) when (e.Message == "vhost_or_user_not_found")
        {
            throw await ExistsAsync(i)
                ? new ControlException(ControlExit.Invalid, $"Virtual host {i.VHost} does not exist")
                : new ControlException(ControlExit.NoAccess, $"User {i["USER"]} does not exist");
        }
    }

    // Who has none already needs to lose none.
    private static async Task TakeAsync(ActionInput i, string kind)
    {
        try
        {
            await i.DeleteAsync(BrokerApi.Path(kind, i.VHost, i["USER"]));
        }
        catch (ControlException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            if (!await ExistsAsync(i))
                throw new ControlException(ControlExit.NoAccess, $"User {i["USER"]} does not exist");
        }
    }

    private static async Task<bool> ExistsAsync(ActionInput i)
    {
        try
        {
            await i.Api.GetAsync(BrokerApi.Path("users", i["USER"]));
            return true;
        }
        catch (ControlException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    // What the API is not told it forgets: the other half comes back with it.
    private static async Task UpdateAsync(ActionInput i, (string Key, string Value) change)
    {
        var path = BrokerApi.Path("users", i["USER"]);
        var user = await i.Api.GetAsync(path);
        var body = new JsonObject
        {
            ["tags"] = string.Join(',', user.GetProperty("tags").EnumerateArray().Select(static t => t.GetString())),
            ["password_hash"] = user.GetProperty("password_hash").GetString(),
            ["hashing_algorithm"] = user.GetProperty("hashing_algorithm").GetString(),
        };
        if (change.Key != "tags")
        {
            body.Remove("password_hash");
            body.Remove("hashing_algorithm");
        }
        body[change.Key] = change.Value;
        await i.PutAsync(path, body);
    }

    // Without the argument the password is the first line of the input, which no list of processes shows.
    private static (string Key, string Value) Secret(ActionInput i) => (
        "password",
        i.Optional("PASSWORD") ?? PasswordInput.Read("password"));

    private static async Task AuthenticateAsync(ActionInput i)
    {
        i.Say($"Authenticating user \"{i["USER"]}\" ...");
        using var asUser = i.Api.As(i["USER"], i["PASSWORD"]);
        try
        {
            await asUser.GetAsync("/api/whoami");
        }
        catch (ControlException e) when (e.ExitCode == ControlExit.NoAccess)
        {
            throw new ControlException(
                ControlExit.BadData,
                $"Error: failed to authenticate user \"{i["USER"]}\"\nuser '{i["USER"]}' - invalid credentials");
        }
        i.Tell("Success");
    }
}
