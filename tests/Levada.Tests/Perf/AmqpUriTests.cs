using Levada.Cli.Perf.Client;
using Xunit;

namespace Levada.Tests.Perf;

public class AmqpUriTests
{
    [Theory]
    [InlineData("amqp://guest:guest@localhost", false, "localhost", 5672, "guest", "guest", "/")]
    [InlineData("amqp://localhost/", false, "localhost", 5672, "guest", "guest", "/")]
    [InlineData("amqps://broker.example", true, "broker.example", 5671, "guest", "guest", "/")]
    [InlineData("amqp://u%40x:p%2F%3A%40@h:1234/%2F", false, "h", 1234, "u@x", "p/:@", "/")]
    [InlineData("amqp://h/a%2Fb%20c", false, "h", 5672, "guest", "guest", "a/b c")]
    [InlineData("amqp://h/plain", false, "h", 5672, "guest", "guest", "plain")]
    [InlineData("amqp://[::1]:5673/v", false, "::1", 5673, "guest", "guest", "v")]
    [InlineData("amqp://u:p:q@127.0.0.1", false, "127.0.0.1", 5672, "u", "p:q", "/")]
    public void The_parts_are_found(
        string text, bool tls, string host, int port, string user, string password, string virtualHost) =>
        Assert.Equal(new AmqpUri(tls, host, port, user, password, virtualHost), AmqpUri.Parse(text));

    [Theory]
    [InlineData("http://localhost")]
    [InlineData("localhost")]
    [InlineData("amqp://host:99999")]
    [InlineData("")]
    public void Anything_else_is_refused(string text) => Assert.Throws<FormatException>(() => AmqpUri.Parse(text));

    [Fact]
    public void The_password_is_not_shown() =>
        Assert.DoesNotContain("secret", AmqpUri.Parse("amqp://u:secret@h").ToString(), StringComparison.Ordinal);
}
