using System.Net;
using Levada.Auth;
using Levada.Tests.Operations;
using Levada.Tests.Queues;
using Xunit;

namespace Levada.Tests.Auth;

/// <summary>Who guesses passwords is held up, longer and longer, and nobody else.</summary>
public sealed class LoginDelayTests
{
    private static readonly IPAddress Here = IPAddress.Parse("10.0.0.1");
    private static readonly IPAddress There = IPAddress.Parse("10.0.0.2");

    private readonly ManualTime _time = new();
    private readonly LoginDelays _delays;

    public LoginDelayTests() => _delays = new LoginDelays(
        new BrokerOptions { LoginFailuresMax = 3, LoginDelayMax = TimeSpan.FromSeconds(5) }, _time);

    [Fact]
    public void Delay_doubles_up_to_its_bound_and_a_login_ends_it()
    {
        Fail(2);
        Assert.Equal(0, Wait());
        foreach (var expected in (int[])[1000, 2000, 4000, 5000, 5000])
        {
            Fail(1);
            Assert.Equal(expected, Wait());
            _time.Advance(expected);
            Assert.Equal(0, Wait());
        }
        _delays.Succeeded(Here, "anna");
        Fail(2);
        Assert.Equal(0, Wait());
    }

    [Fact]
    public void Other_addresses_and_other_users_are_not_held_up()
    {
        Fail(4);
        Assert.NotEqual(0, Wait());
        Assert.Equal(TimeSpan.Zero, _delays.Check(There, "anna"));
        Assert.Equal(TimeSpan.Zero, _delays.Check(Here, "bert"));
    }

    [Fact]
    public void Many_users_tried_from_one_address_hold_up_all_from_there()
    {
        for (var i = 0; i < 15; i++)
            _delays.Failed(Here, $"user{i}");
        Assert.NotEqual(TimeSpan.Zero, _delays.Check(Here, "anna"));
        Assert.Equal(TimeSpan.Zero, _delays.Check(There, "anna"));
    }

    [Fact]
    public void Old_failures_are_forgotten_and_their_number_is_bounded()
    {
        Fail(4);
        _time.Advance(3_600_000);
        Fail(2);
        Assert.Equal(0, Wait());
        for (var i = 0; i < LoginDelays.KeptMax + 5; i++)
            _delays.Failed(new IPAddress(i), "anna");
        Assert.Equal(LoginDelays.KeptMax, _delays.Count);
    }

    [Fact]
    public void Zero_is_never()
    {
        var never = new LoginDelays(new BrokerOptions { LoginFailuresMax = 0 }, _time);
        for (var i = 0; i < 100; i++)
            never.Failed(Here, "anna");
        Assert.Equal(TimeSpan.Zero, never.Check(Here, "anna"));
    }

    [Fact]
    public async Task Over_HTTP_and_AMQP_it_is_the_same_count()
    {
        await using var api = await OperatorApi.StartAsync(o =>
        {
            o.LoginFailuresMax = 2;
            o.LoginDelay = o.LoginDelayMax = TimeSpan.FromHours(1);
        });
        await api.CreateAsync("/api/users/anna", """{"password":"anna","tags":"administrator"}""");
        await api.CreateAsync("/api/users/bert", """{"password":"bert","tags":"administrator"}""");
        api.User = "anna";
        api.Password = "wrong";
        Assert.Equal(HttpStatusCode.Unauthorized, await api.SendAsync(HttpMethod.Get, "/api/whoami"));
        Assert.Equal(HttpStatusCode.Unauthorized, await api.SendAsync(HttpMethod.Get, "/api/whoami"));
        api.Password = null;
        // The right one, too late.
        Assert.Equal(HttpStatusCode.TooManyRequests, await api.SendAsync(HttpMethod.Get, "/api/whoami"));
        Assert.ThrowsAny<Exception>(
            () => RawConnection.Open(api.Broker, new Login { User = "anna", Password = "anna" }).Dispose());
        await api.Broker.Log.WaitForAsync("too many failed logins from 127.0.0.1");
        api.User = "bert";
        Assert.Equal(HttpStatusCode.OK, await api.SendAsync(HttpMethod.Get, "/api/whoami"));
        Assert.Contains("levada_logins_held_up_total 2", await api.MetricsAsync(), StringComparison.Ordinal);
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
            _delays.Failed(Here, "anna");
    }

    private double Wait() => _delays.Check(Here, "anna").TotalMilliseconds;
}
