using System.Text.Json;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>The commands to a running broker, as processes: what scripts written for rabbitmqctl meet.</summary>
public sealed class ControlCommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private BrokerProcess _broker = null!;
    private CommandLine _levada = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await BrokerProcess.StartAsync(_folder.Path);
        _levada = CommandLine.Over(_broker);
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Lists_look_as_rabbitmqctls_do()
    {
        using var client = OpenWithChannel();
        var user = $"guest\t127.0.0.1\t{PortOf(client)}\trunning";
        Assert.Equal(
            ["Listing connections ...", "user\tpeer_host\tpeer_port\tstate", user],
            await _levada.LinesAsync("list_connections"));
        Assert.Equal(["user\tpeer_host\tpeer_port\tstate", user], await _levada.LinesAsync("list_connections", "-q"));
        Assert.Equal([user], await _levada.LinesAsync("list_connections", "-s"));
        Assert.Equal(
            ["Listing connections ...", user], await _levada.LinesAsync("list_connections", "--no-table-headers"));
        Assert.Equal(
            [$"{client.Name} (1)\t0"],
            await _levada.LinesAsync("list_channels", "-s", "pid", "messages_unacknowledged"));
        Assert.Equal(
            ["\"user\",\"tags\"", "\"guest\",\"[administrator]\""],
            await _levada.LinesAsync("list_users", "--formatter", "csv"));
        var vhosts = (await _levada.RunAsync("list_vhosts", "--formatter", "json")).Output;
        var json = Assert.Single(JsonElement.Parse(vhosts).EnumerateArray());
        Assert.Equal("/", json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Users_rights_and_policies_are_managed()
    {
        await _levada.DoneAsync("add_vhost", "v");
        await _levada.DoneAsync("add_user", "ada", "secret");
        await _levada.DoneAsync("set_user_tags", "ada", "monitoring", "policymaker");
        await _levada.DoneAsync("set_permissions", "-p", "v", "ada", "^a", ".*", "");
        Assert.Equal(["ada\t^a\t.*\t"], (await _levada.LinesAsync("list_permissions", "-p", "v", "-s")).Where(Ada));
        Assert.Equal(["v\t^a\t.*\t"], await _levada.LinesAsync("list_user_permissions", "ada", "-s"));
        Assert.Equal(["ada\t[monitoring, policymaker]"], (await _levada.LinesAsync("list_users", "-s")).Where(Ada));
        await _levada.DoneAsync("authenticate_user", "ada", "secret");
        var wrong = await _levada.RunAsync("authenticate_user", "ada", "guess");
        Assert.Equal(65, wrong.ExitCode);
        Assert.Contains("failed to authenticate user \"ada\"", wrong.Error, StringComparison.Ordinal);
        await _levada.DoneAsync("change_password", "ada", "other");
        await _levada.DoneAsync("authenticate_user", "ada", "other");
        Assert.Equal(["ada\t[monitoring, policymaker]"], (await _levada.LinesAsync("list_users", "-s")).Where(Ada));
        await _levada.DoneAsync("clear_permissions", "-p", "v", "ada");
        await _levada.DoneAsync("delete_user", "ada");
        Assert.DoesNotContain(await _levada.LinesAsync("list_users", "-s"), Ada);
        await _levada.DoneAsync("delete_vhost", "v");

        static bool Ada(string line) => line.StartsWith("ada\t", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logins_are_counted_by_source_if_it_is_asked_for()
    {
        Assert.Equal(
            [
                "Listing authentication attempts for node \"NODE\" ...",
                "Node NODE reported no authentication attempt stats",
            ],
            (await _levada.LinesAsync("list_node_auth_attempt_stats", "--by-source")).Select(WithoutNode));
        await _levada.DoneAsync("enable_auth_attempt_source_tracking");
        await _levada.RunAsync("ping", "--password", "wrong", "--user", "eve");
        Assert.Equal(
            ["remote_address\tusername\tprotocol\tauth_attempts\tauth_attempts_failed\tauth_attempts_succeeded",
                "127.0.0.1\teve\thttp\t1\t1\t0"],
            (await _levada.LinesAsync("list_node_auth_attempt_stats", "--by-source", "-q"))
                .Where(static line => !line.StartsWith("127.0.0.1\tguest", StringComparison.Ordinal)));
        var json = JsonDocument.Parse(
            (await _levada.RunAsync("list_node_auth_attempt_stats", "--formatter", "json")).Output).RootElement;
        Assert.Equal(2, json.GetProperty("attempts").GetArrayLength());
        Assert.Equal("ok", json.GetProperty("result").GetString());
        await _levada.DoneAsync("disable_auth_attempt_source_tracking");
        await _levada.DoneAsync("reset_node_auth_attempt_metrics");
        Assert.Single(await _levada.LinesAsync("list_node_auth_attempt_stats", "--by-source", "-q"));

        static string WithoutNode(string line) => System.Text.RegularExpressions.Regex.Replace(
            line, "levada@[^ \"]*", "NODE");
    }

    [Fact]
    public async Task Limits_of_one_user_are_shown_as_rabbitmqctl_shows_them()
    {
        await _levada.DoneAsync("add_user", "ada", "secret");
        await _levada.DoneAsync("set_user_limits", "ada", """{"max-connections":10}""");
        Assert.Equal(
            ["Listing limits for user \"ada\" ...", """{"max-connections":10}"""],
            await _levada.LinesAsync("list_user_limits", "--user", "ada"));
        Assert.Equal(["{}"], await _levada.LinesAsync("list_user_limits", "--user", "guest", "-s"));
        Assert.Equal(
            ["Listing limits for all users ...", "user\tlimits", "ada\t{\"max-connections\":10}"],
            await _levada.LinesAsync("list_user_limits", "--global"));
        Assert.Equal(69, (await _levada.RunAsync("list_user_limits", "--user", "nobody")).ExitCode);
        var both = await _levada.RunAsync("list_user_limits", "--user", "ada", "--password", "secret");
        Assert.Equal(64, both.ExitCode);
        Assert.Contains("--uri", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Policies_are_set_shown_and_cleared()
    {
        await _levada.DoneAsync("create_queue", "q");
        await _levada.DoneAsync(
            "set_policy", "p", "^q", """{"max-length":5}""", "--priority", "2", "--apply-to", "queues");
        Assert.Equal(["/\tp\t^q\tqueues\t{\"max-length\":5}\t2"], await _levada.LinesAsync("list_policies", "-s"));
        Assert.Equal(["q\tp"], await _levada.LinesAsync("list_queues", "-s", "name", "policy"));
        await _levada.DoneAsync("clear_policy", "p");
        Assert.Equal(["q\t"], await _levada.LinesAsync("list_queues", "-s", "name", "policy"));
    }

    [Fact]
    public async Task Queues_come_and_go()
    {
        await _levada.DoneAsync("create_queue", "q", "--durable", "--max-length", "5");
        Assert.Equal(
            ["q\t0\t[{\"x-max-length\",5}]"],
            await _levada.LinesAsync("list_queues", "-s", "name", "messages", "arguments"));
        await _levada.DoneAsync("purge_queue", "q");
        await _levada.DoneAsync("delete_queue", "q", "--if-empty");
        Assert.Equal(
            ["Timeout: 60.0 seconds ...", "Listing queues for vhost / ..."], await _levada.LinesAsync("list_queues"));
        Assert.Equal(
            ["would DELETE /api/queues/%2F/q/contents"],
            await _levada.LinesAsync("purge_queue", "q", "-q", "--dry-run"));
    }

    [Fact]
    public async Task A_connection_is_closed_with_the_reason()
    {
        using var client = OpenWithChannel();
        await _levada.DoneAsync("close_connection", client.Name, "night shift");
        client.ExpectConnectionError(320, "CONNECTION_FORCED - night shift", 0);
        var gone = await _levada.RunAsync("close_connection", client.Name, "again");
        Assert.Equal(69, gone.ExitCode);
    }

    [Fact]
    public async Task Checks_answer_by_their_exit_code()
    {
        await _levada.DoneAsync("ping");
        await _levada.DoneAsync("check_alarms");
        await _levada.DoneAsync("check_port_connectivity");
        await _levada.DoneAsync("check_protocol_listener", "amqp");
        Assert.Equal(69, (await _levada.RunAsync("check_port_listener", "1")).ExitCode);
        var unknown = await _levada.RunAsync("list_channels", "sideways");
        Assert.Equal(64, unknown.ExitCode);
        Assert.Contains("no column 'sideways'", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(67, (await _levada.RunAsync("ping", "--password", "wrong", "--user", "guest")).ExitCode);
    }

    [Fact]
    public async Task What_means_nothing_here_stops_no_script_that_can_go_on()
    {
        Assert.Equal(
            ["In Levada all of it is always on."], await _levada.LinesAsync("enable_feature_flag", "all"));
        Assert.Contains(
            "runs as one node", await _levada.RefusedAsync(69, "join_cluster", "rabbit@other"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_69()
    {
        await _broker.StopAsync();
        Assert.Equal(69, (await _levada.RunAsync("ping")).ExitCode);
    }

    private RawConnection OpenWithChannel()
    {
        var connection = RawConnection.Open(_broker.Amqp);
        connection.OpenChannel(1);
        return connection;
    }

    private static string PortOf(RawConnection connection) => connection.Name.Split(' ')[0].Split(':')[^1];
}
