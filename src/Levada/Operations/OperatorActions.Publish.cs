using System.Text;
using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Exchanges;
using Levada.Policies;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Operations;

// Publishing: by the rules and rights of basic.publish.
public sealed partial class OperatorActions
{
    /// <summary>
    /// Largest body that may be published here, in bytes: larger ones are files, written as they come.
    /// </summary>
    public const int PublishMax = BodyFiles.LargeAbove;

    /// <summary>Publishes one message, persistent if its delivery mode says so; done when its queues have it.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="vhost">The exchange's.</param>
    /// <param name="exchange">Where.</param>
    /// <param name="routingKey">At most 255 octets.</param>
    /// <param name="properties">The message's.</param>
    /// <param name="body">At most <see cref="PublishMax"/>.</param>
    /// <param name="routed">Hears whether there was a queue for it.</param>
    public Task<OperatorResult> PublishAsync(
        OperatorRequest by, VHost vhost, Exchange exchange, string routingKey, BasicProperties properties,
        byte[] body, Action<bool> routed) => RunAsync(
            by, OperatorAction.PublishMessage,
            $"{body.Length} bytes to exchange '{exchange.Name}' in vhost '{vhost.Name}'", isAllowed: true,
            () =>
            {
                if (_broker.Alarms.IsRaised)
                {
                    return Task.FromResult(new OperatorResult(
                        OperatorOutcome.Blocked, $"publishing is blocked: {_broker.Alarms.Reason}"));
                }
                var key = Encoding.UTF8.GetBytes(routingKey);
                CheckPublish(by, vhost, exchange, key, properties);
                return CompletedAsync(done => new OperatorPublish(
                    _broker,
                    (isRouted, isRefused) =>
                    {
                        routed(isRouted);
                        done(isRefused
                            ? new OperatorResult(OperatorOutcome.Refused, "a queue is full and refuses it")
                            : new OperatorResult(OperatorOutcome.Done, isRouted ? "routed" : "not routed"));
                    }).Publish(exchange, key, properties, body));
            });

    private void CheckPublish(
        OperatorRequest by, VHost vhost, Exchange exchange, byte[] key, BasicProperties properties)
    {
        var access = new Access(() => _broker.Catalog.Accounts, by.User, vhost.Name);
        access.CheckExchange(Right.Write, exchange.Name, MethodId.BasicPublish);
        if (exchange.Internal)
            throw Errors.InternalExchange(exchange.Name, exchange.VHost);
        access.CheckTopic(Right.Write, exchange, key, MethodId.BasicPublish);
        if (properties.UserId is { } user && user != by.User && !access.HasTag("impersonator"))
        {
            throw new RefusedDefinitionException(
                $"user_id property set to '{user}' but authenticated user was '{by.User}'");
        }
        if (properties.Expiration is { } expiration
            && (!Expiration.TryParse(Encoding.UTF8.GetBytes(expiration), out var ms) || ms is < 0 or > uint.MaxValue))
        {
            throw new RefusedDefinitionException($"invalid expiration '{expiration}'");
        }
        if (key.Length > byte.MaxValue)
            throw new RefusedDefinitionException("the routing key is longer than 255 octets");
    }
}
