using System.Net;
using Levada.Auth;
using Levada.Tests.Operations;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Users;

/// <summary>/api/users, /api/permissions and /api/topic-permissions; answers as RabbitMQ 3.10 gave them.</summary>
public sealed class UserApiTests : IAsyncLifetime
{
    private const string HashOfTest12 = "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR";

    private OperatorApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await OperatorApi.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [LevadaFact]
    public async Task A_user_is_made_seen_changed_and_deleted()
    {
        await _api.CreateAsync("/api/users/anna", """{"password":"anna","tags":"monitoring, management"}""");
        var anna = await _api.GetAsync("/api/users/anna");
        Assert.Equal(
            """["name","password_hash","hashing_algorithm","tags","limits"]""",
            $"[{string.Join(',', anna.EnumerateObject().Select(p => $"\"{p.Name}\""))}]");
        Assert.Equal("""["monitoring","management"]""", anna.GetProperty("tags").GetRawText());
        Assert.Equal("rabbit_password_hashing_sha256", anna.GetProperty("hashing_algorithm").GetString());
        await _api.DoAsync(HttpMethod.Put, "/api/users/anna", """{"password":"anna","tags":["policymaker"]}""");
        Assert.Equal(
            """["policymaker"]""", (await _api.GetAsync("/api/users/anna")).GetProperty("tags").GetRawText());
        Assert.Equal(["anna", "guest"], Names(await _api.ListAsync("/api/users")));
        Assert.Equal(["anna"], Names(await _api.ListAsync("/api/users/without-permissions")));
        await _api.DoAsync(HttpMethod.Delete, "/api/users/anna");
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, "/api/users/anna");
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/api/users/anna");
        Assert.Equal(("delete_user", "gone", "no_such_user: anna"), await _api.LastAuditAsync());
    }

    [LevadaTheory]
    [InlineData("""{"password":"x"}""", "tags_not_present")]
    [InlineData(
        """{"password":"x","password_hash":"y","tags":""}""", "both_password_and_password_hash_are_provided")]
    [InlineData("""{"password":"x","tags":5}""", "tags is neither a list of texts nor a text with commas between")]
    [InlineData("""{"password":5,"tags":""}""", "password is no text")]
    [InlineData(
        """{"password_hash":"!!","tags":""}""",
        "password_hash cannot be taken over: a password hash is base64, and this is not")]
    [InlineData("{not json", "not_json")]
    [InlineData("[]", "the body is no JSON object")]
    public async Task What_makes_no_user_is_refused_with_what_is_wrong(string body, string reason)
    {
        Assert.Equal(
            reason,
            await _api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, "/api/users/nobody", body));
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/api/users/nobody");
    }

    [LevadaTheory]
    [InlineData(HashOfTest12, "rabbit_password_hashing_sha256")]
    [InlineData(HashOfTest12, null)]
    [InlineData(HashOfTest12, "SHA256")]
    [InlineData(
        "kI3GChuNuIYf8lRbCCxZjgjKwsY19ns6+uFO0zcXRBGA/XGJPYD8OWMy7EB8TaOmAzjP2azv84GbINYwX2cDWb4DHnc=",
        "rabbit_password_hashing_sha512")]
    [InlineData("kI3GChNpte2FApYFXScl+0dIluk=", "rabbit_password_hashing_md5")]
    [InlineData("$2a$10$N9qo8uLOickgx2ZMRZoMyexkBaT5I4gabYxk4rPwhv2UnLMTNZsZ6", "Bcrypt")]
    public async Task A_user_comes_with_the_hash_of_its_password(string hash, string? algorithm)
    {
        var named = algorithm is null ? "" : $",\"hashing_algorithm\":\"{algorithm}\"";
        await _api.CreateAsync("/api/users/moved", $$"""{"password_hash":"{{hash}}"{{named}},"tags":"management"}""");
        await _api.CreateAsync("/api/permissions/%2F/moved", """{"configure":"","write":"","read":""}""");
        Assert.Equal(hash, (await _api.GetAsync("/api/users/moved")).GetProperty("password_hash").GetString());
        _api.User = "moved";
        foreach (var (password, status) in ((string, HttpStatusCode)[])
            [("test12", HttpStatusCode.OK), ("test13", HttpStatusCode.Unauthorized)])
        {
            Assert.Equal(status, (await _api.AskAsync(HttpMethod.Get, "/api/whoami", password: password)).Status);
        }

        using var connection = RawConnection.OpenWithChannel(_api.Broker, new Login("moved", "test12"));
    }

    [LevadaFact]
    public async Task Several_users_are_deleted_at_once_or_none()
    {
        foreach (var name in (string[])["a", "b", "c"])
            await _api.CreateAsync($"/api/users/{name}", """{"tags":""}""");
        const string path = "/api/users/bulk-delete";
        Assert.Equal(
            "no_such_user: nosuch",
            await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, path, """{"users":["a","nosuch"]}"""));
        await _api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, path, """{"names":["a"]}""");
        await _api.DoAsync(HttpMethod.Post, path, """{"users":["a","b"]}""");
        Assert.Equal(["c", "guest"], Names(await _api.ListAsync("/api/users")));
    }

    [LevadaFact]
    public async Task Permissions_are_given_seen_and_taken()
    {
        await _api.CreateAsync("/api/users/ben", """{"tags":""}""");
        const string path = "/api/permissions/%2F/ben";
        await _api.CreateAsync(path, """{"configure":"^c","write":"^w","read":"^r"}""");
        await _api.DoAsync(HttpMethod.Put, path, """{"configure":"","write":"^w","read":"^r"}""");
        const string ben = """{"user":"ben","vhost":"/","configure":"","write":"^w","read":"^r"}""";
        Assert.Equal(ben, (await _api.GetAsync(path)).GetRawText());
        Assert.Equal($"[{ben}]", (await _api.GetAsync("/api/users/ben/permissions")).GetRawText());
        Assert.Equal(["ben", "guest"], Names(await _api.ListAsync("/api/permissions"), "user"));
        Assert.Equal(["ben", "guest"], Names(await _api.ListAsync("/api/vhosts/%2F/permissions"), "user"));
        await _api.DoAsync(HttpMethod.Delete, path);
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, path);
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/api/users/nobody/permissions");
        foreach (var (wrong, reason) in ((string, string)[])
            [
                ("""{"configure":"(","write":"","read":""}""", "'(' is not a regular expression"),
                ("""{"configure":""}""", "write is missing"),
            ])
        {
            Assert.StartsWith(reason, await RefusedAsync(path, wrong), StringComparison.Ordinal);
        }

        const string right = """{"configure":"","write":"","read":""}""";
        Assert.Equal("vhost_or_user_not_found", await RefusedAsync("/api/permissions/%2F/nobody", right));
        Assert.Equal("vhost_or_user_not_found", await RefusedAsync("/api/permissions/nowhere/ben", right));

        Task<string> RefusedAsync(string path, string body) =>
            _api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, path, body);
    }

    [LevadaFact]
    public async Task Topic_permissions_are_given_seen_and_taken()
    {
        await _api.CreateAsync("/api/users/ben", """{"tags":""}""");
        const string path = "/api/topic-permissions/%2F/ben";
        await _api.CreateAsync(path, """{"exchange":"amq.topic","write":"^a","read":"^{username}"}""");
        await _api.DoAsync(HttpMethod.Put, path, """{"exchange":"other","write":"^a","read":""}""");
        const string all = """[{"user":"ben","vhost":"/","exchange":"amq.topic","write":"^a","read":"^{username}"},"""
            + """{"user":"ben","vhost":"/","exchange":"other","write":"^a","read":""}]""";
        foreach (var list in (string[])
            [path, "/api/topic-permissions", "/api/users/ben/topic-permissions", "/api/vhosts/%2F/topic-permissions"])
        {
            Assert.Equal(all, (await _api.GetAsync(list)).GetRawText());
        }

        await _api.DoAsync(HttpMethod.Delete, $"{path}?exchange=other");
        Assert.Equal(["amq.topic"], Names(await _api.ListAsync(path), "exchange"));
        await _api.DoAsync(HttpMethod.Delete, path);
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, path);
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, path);
    }

    [LevadaFact]
    public async Task Only_administrators_see_and_change_users()
    {
        foreach (var tag in (string[])["", "management", "policymaker", "monitoring"])
        {
            var user = TestUser.Create(_api.Broker, ".*", ".*", ".*", tag);
            _api.User = user.Name;
            foreach (var path in (string[])
                ["/api/users", "/api/users/guest", "/api/permissions", "/api/permissions/%2F/guest"])
            {
                Assert.Equal(
                    tag.Length == 0 ? "Not management user" : "Not administrator user",
                    await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, path));
            }

            await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Delete, "/api/users/guest");
            await _api.RefusedAsync(
                HttpStatusCode.Unauthorized, HttpMethod.Put, $"/api/users/{user.Name}",
                """{"password":"x","tags":"administrator"}""");
            await _api.RefusedAsync(
                HttpStatusCode.Unauthorized, HttpMethod.Put, $"/api/permissions/%2F/{user.Name}",
                """{"configure":"","write":"","read":""}""");
            var (_, body) = await _api.AskAsync(HttpMethod.Get, "/api/whoami");
            if (tag.Length == 0)
                Assert.Equal("""{"error":"not_authorised","reason":"Not management user"}""", body);
            else
                Assert.Equal($$"""{"name":"{{user.Name}}","tags":["{{tag}}"]}""", body);
        }

        _api.User = "guest";
        Assert.Equal(("set_permissions", "denied", "Not administrator user"), await _api.LastAuditAsync());
    }

    [LevadaFact]
    public async Task Users_and_their_rights_survive_a_restart()
    {
        await _api.CreateAsync(
            "/api/users/kept",
            """{"password_hash":"$2b$04$abcdefghijklmnopqrstuuRYHuwq6VOVEg5t5gHn6M9LpGL5NoXYi","tags":"monitoring"}""");
        await _api.CreateAsync("/api/permissions/%2F/kept", """{"configure":"c","write":"w","read":"r"}""");
        await _api.CreateAsync(
            "/api/topic-permissions/%2F/kept", """{"exchange":"amq.topic","write":"^{vhost}","read":""}""");
        string[] paths = ["/api/users/kept", "/api/users/kept/permissions", "/api/users/kept/topic-permissions"];
        var before = await Task.WhenAll(paths.Select(async path => (await _api.GetAsync(path)).GetRawText()));
        await _api.RestartAsync();
        var after = await Task.WhenAll(paths.Select(async path => (await _api.GetAsync(path)).GetRawText()));
        Assert.Equal(before, after);
        Assert.Contains("^{vhost}", after[2], StringComparison.Ordinal);
    }

    [LevadaFact]
    public async Task A_password_is_hashed_for_whoever_writes_a_file()
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            var (status, body) = await _api.AskAsync(method, "/api/auth/hash_password/s3cret");
            Assert.Equal(HttpStatusCode.OK, status);
            var hash = System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("ok").GetString()!;
            Assert.True(PasswordHash.Verify(PasswordHash.Parse(hash, PasswordHash.Sha256), "s3cret"u8));
        }
    }

    private static IEnumerable<string?> Names(System.Text.Json.JsonElement[] list, string key = "name") =>
        list.Select(item => item.GetProperty(key).GetString()).Distinct();
}
