using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class A_HandshakeTests(BrokerFixture fixture)
{
    [Fact]
    public void A5_start_offers_PLAIN_and_AMQPLAIN_and_en_US()
    {
        using var connection = RawConnection.Open(fixture.Broker);
        Assert.Equal((0, 9), (connection.Start.VersionMajor, connection.Start.VersionMinor));
        Assert.Equal(["AMQPLAIN", "PLAIN"], connection.Start.Mechanisms.Split(' ').Order());
        Assert.Equal("en_US", connection.Start.Locales);
        connection.Close();
    }
}
