using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Section M: which mistake costs what. The soft ones are in <see cref="D_AfterTheCloseTests"/>.</summary>
public sealed class M_MistakeTests(BrokerFixture fixture)
{
    public static TheoryData<string> Mistakes => [.. HardMistake.All.Select(m => m.Name)];

    public static TheoryData<string> MethodsOfAChannel => [.. EveryMethod.OnAChannel.Select(m => m.Name)];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void M_a_hard_mistake_closes_its_connection_and_no_other(string name)
    {
        var mistake = HardMistake.All.Single(m => m.Name == name);
        Assert.SkipWhen(TestBroker.IsForeign && mistake.OnlyLevada, "only Levada does this");
        using var bystander = RawConnection.OpenWithChannel(fixture.Broker);
        using var connection = RawConnection.Open(fixture.Broker, new Login(ChannelMax: 3));
        connection.OpenChannel(1);
        connection.OpenChannel(2);
        mistake.Make(connection);
        connection.ExpectConnectionError(mistake.Code, mistake.Text, mistake.Method);
        C_FrameTests.RoundTrip(bystander, 1, "still here");
    }

    [Theory]
    [MemberData(nameof(MethodsOfAChannel))]
    public void N4_any_method_on_a_channel_that_the_server_is_closing_is_discarded(string name)
    {
        var method = EveryMethod.OnAChannel.Single(m => m.Name == name);
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        connection.Send(1, new QueueDeclare("missing", Passive: true));
        connection.ExpectChannelClose(1, 404, "NOT_FOUND", MethodId.QueueDeclare);
        method.Send(connection, 1);
        connection.Send(2, new BasicQos(0, 1));
        connection.Expect<BasicQosOk>(2);
        connection.Send(1, new ChannelCloseOk());
        connection.OpenChannel(1);
    }
}
