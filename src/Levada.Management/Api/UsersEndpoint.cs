using Levada.Auth;
using Levada.Definitions;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/users, /api/whoami and the hash of a password.</summary>
internal sealed class UsersEndpoint(Broker broker)
{
    public Task ListAsync(HttpContext context) => ReplyAsync(context, static _ => true);

    /// <summary>Those who can log in and enter no virtual host.</summary>
    public Task ListWithoutPermissionsAsync(HttpContext context) =>
        ReplyAsync(context, static user => user.Permissions.IsEmpty);

    public Task GetAsync(HttpContext context) => Find(context) is { } user
        ? Reply.OkAsync(context, UserReply.Of(user), ApiJson.Default.UserReply)
        : Reply.NotFoundAsync(context);

    public async Task PutAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, static body => UserDefinition.Read(body)) is not { } wanted)
            return;
        var name = PathName.Of(context);
        await OperatorEndpoint.PutAsync(
            context, Find(context) is not null,
            by => broker.Actions.SetUserAsync(by, name, old => wanted.Apply(old ?? new User(name))));
    }

    public Task DeleteAsync(HttpContext context) =>
        OperatorEndpoint.AnswerAsync(context, by => broker.Actions.DeleteUsersAsync(by, [PathName.Of(context)]));

    /// <summary>{"users": [NAME, ...]}: all of them, or none if one is not there.</summary>
    public async Task DeleteManyAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, NamesIn) is not { } names)
            return;
        await OperatorEndpoint.AnswerAsync(context, by => broker.Actions.DeleteUsersAsync(by, names));
    }

    public Task WhoAmIAsync(HttpContext context) => Roles.Asking(context, broker) is { } user
        ? Reply.OkAsync(context, new WhoAmIReply(user.Name, user.Tags), ApiJson.Default.WhoAmIReply)
        : Reply.NotFoundAsync(context);

    /// <summary>For whoever writes a definitions file.</summary>
    public static Task HashAsync(HttpContext context)
    {
        var hash = PasswordHash.Create(PathName.Of(context, "password")).Text;
        return Reply.OkAsync(context, new HashReply(hash, hash), ApiJson.Default.HashReply);
    }

    /// <summary>LavinMQ's: {"password": TEXT}, so that it stands in no path.</summary>
    public static async Task HashOfBodyAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, static body => body.Text("password")) is not { } password)
            return;
        var hash = PasswordHash.Create(password).Text;
        await Reply.OkAsync(context, new HashReply(hash, hash), ApiJson.Default.HashReply);
    }

    private User? Find(HttpContext context) => broker.Catalog.Accounts.Find(PathName.Of(context));

    private Task ReplyAsync(HttpContext context, Func<User, bool> wanted)
    {
        IReadOnlyList<UserReply> users =
        [
            .. broker.Catalog.Accounts.Users.Values.Where(wanted)
                .OrderBy(static user => user.Name, StringComparer.Ordinal).Select(UserReply.Of),
        ];
        return ListReply.WriteAsync(context, users, ApiJson.Default.UserReply, static reply => reply.Name);
    }

    private static IReadOnlyCollection<string> NamesIn(DefinitionObject body) =>
        body.TextsOrNull("users") ?? throw body.Fault("users", "is missing");
}
