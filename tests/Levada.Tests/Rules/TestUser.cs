using System.Collections.Immutable;
using System.Diagnostics;
using Levada.Auth;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>
/// A user made for a test, with rights on vhost '/'. On a foreign broker it is made by the program that
/// LEVADA_TEST_BROKER_CTL names (RabbitMQ's rabbitmqctl or a wrapper of it); without one the test is skipped.
/// </summary>
internal sealed record TestUser(string Name)
{
    public Login Login => new(Name, Name);

    public static TestUser Create(
        TestBroker broker, string configure, string write, string read, string tags = "",
        (string Exchange, string Write, string Read)? topic = null)
    {
        var user = new TestUser(TestBroker.Name("user"));
        if (TestBroker.IsForeign) user.CreateForeign(configure, write, read, tags, topic);
        else user.CreateInLevada(broker, configure, write, read, tags, topic);
        return user;
    }

    private void CreateInLevada(
        TestBroker broker, string configure, string write, string read, string tags,
        (string Exchange, string Write, string Read)? topic)
    {
        var account = new User(Name)
        {
            Password = PasswordHash.Create(Name),
            Tags = tags.Length > 0 ? [tags] : [],
            Permissions = ImmutableDictionary<string, Permissions>.Empty
                .Add("/", new Permissions(configure, write, read)),
        };
        if (topic is { } t)
        {
            account = account with
            {
                TopicPermissions = account.TopicPermissions.Add(
                    ("/", t.Exchange), new TopicPermissions(Name, "/", t.Write, t.Read)),
            };
        }
        using var done = new ManualResetEventSlim();
        broker.Broker.Catalog.SetUser(account, done.Set);
        Assert.True(done.Wait(RawConnection.Patience), "the user was not made in time");
    }

    private void CreateForeign(
        string configure, string write, string read, string tags, (string Exchange, string Write, string Read)? topic)
    {
        var program = Environment.GetEnvironmentVariable("LEVADA_TEST_BROKER_CTL");
        Assert.SkipWhen(string.IsNullOrEmpty(program), "no way to create a user: LEVADA_TEST_BROKER_CTL is not set");
        Run("add_user", Name, Name);
        Run("set_permissions", Name, configure, write, read);
        if (tags.Length > 0) Run("set_user_tags", Name, tags);
        if (topic is { } t) Run("set_topic_permissions", Name, t.Exchange, t.Write, t.Read);

        void Run(params string[] arguments)
        {
            using var process = Process.Start(
                new ProcessStartInfo(program!, arguments) { RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}");
        }
    }
}
