using System.Net;
using System.Text;
using Levada.Auth;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Auth;

public sealed class AuthenticatorTests
{
    private static readonly Accounts Users = Accounts.None
        .With(new User("guest") { Password = PasswordHash.Create("guest") })
        .With(new User("anna") { Password = PasswordHash.Create("pass wörd") })
        .With(new User("nobody"));

    private readonly Authenticator _authenticator =
        new(() => Users, () => new HashSet<string> { "guest" }, Authenticator.Mechanisms);

    [Theory]
    [InlineData("\0anna\0pass wörd", true)]
    [InlineData("anna\0anna\0pass wörd", true)]
    [InlineData("\0anna\0pass word", false)]
    [InlineData("\0anna\0", false)]
    [InlineData("\0Anna\0pass wörd", false)]
    [InlineData("\0nobody\0", false)]
    [InlineData("\0nobody\0x", false)]
    [InlineData("anna\0pass wörd", false)]
    [InlineData("\0anna\0pass wörd\0", false)]
    [InlineData("anna", false)]
    [InlineData("", false)]
    [InlineData("\0", false)]
    [InlineData("\0\0", false)]
    public void A9_plain_is_identity_user_and_password(string response, bool accepted)
    {
        var login = _authenticator.Authenticate("PLAIN", Encoding.UTF8.GetBytes(response), From("127.0.0.1"));
        Assert.Equal(accepted ? "anna" : null, login.User?.Name);
        Assert.Equal(accepted, login.Reason.Length == 0);
    }

    [Fact]
    public void A9_amqplain_is_a_table_without_its_length()
    {
        var table = new FieldTable().Add("LOGIN", "anna").Add("PASSWORD", "pass wörd");
        Assert.Equal("anna", _authenticator.Authenticate("AMQPLAIN", table.ToBytes(), null).User?.Name);
        table = new FieldTable().Add("LOGIN", "anna").Add("PASSWORD", "wrong");
        Assert.Null(_authenticator.Authenticate("AMQPLAIN", table.ToBytes(), null).User);
        table = new FieldTable().Add("LOGIN", "anna").Add("PASSWORD", 7);
        Assert.Null(_authenticator.Authenticate("AMQPLAIN", table.ToBytes(), null).User);
        Assert.Null(_authenticator.Authenticate("AMQPLAIN", [1, 2, 3], null).User);
    }

    [Fact]
    public void A10_an_unknown_mechanism_is_refused_with_the_ones_there_are()
    {
        var login = _authenticator.Authenticate("EXTERNAL", [], null);
        Assert.Null(login.User);
        Assert.Equal("mechanism 'EXTERNAL' is not offered; offered are PLAIN AMQPLAIN", login.Reason);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.9.9.9", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("2001:db8::1", false)]
    public void A11_the_default_user_may_come_from_this_machine_only(string from, bool accepted)
    {
        var login = _authenticator.Authenticate("PLAIN", "\0guest\0guest"u8, From(from));
        Assert.Equal(accepted, login.User is not null);
        if (!accepted)
        {
            Assert.Contains("loopback_users", login.Reason);
            Assert.Contains(from, login.Reason);
        }
    }

    [Fact]
    public void A11_other_users_may_come_from_anywhere() =>
        Assert.NotNull(
            _authenticator.Authenticate("PLAIN", "\0anna\0pass wörd"u8, From("10.0.0.1")).User);

    [Fact]
    public void A11_a_wrong_password_is_the_reason_before_the_address_is()
    {
        var login = _authenticator.Authenticate("PLAIN", "\0guest\0wrong"u8, From("10.0.0.1"));
        Assert.Equal("wrong password for user 'guest'", login.Reason);
    }

    private static IPAddress From(string address) => IPAddress.Parse(address);
}
