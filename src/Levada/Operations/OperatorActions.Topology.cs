using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Exchanges;
using Levada.Protocol;

namespace Levada.Operations;

// Exchanges and bindings: what a client of the asking user could do itself, by the same rules and rights.
public sealed partial class OperatorActions
{
    /// <summary>As exchange.declare.</summary>
    public Task<OperatorResult> DeclareExchangeAsync(OperatorRequest by, VHost vhost, ExchangeDeclare method) =>
        OnTopologyAsync(
            by, OperatorAction.DeclareExchange, vhost, $"exchange '{method.Exchange}'",
            (requester, done) => ExchangeRules.Declare(requester, method, done));

    /// <summary>As exchange.delete.</summary>
    public Task<OperatorResult> DeleteExchangeAsync(OperatorRequest by, VHost vhost, ExchangeDelete method) =>
        OnTopologyAsync(
            by, OperatorAction.DeleteExchange, vhost, $"exchange '{method.Exchange}'",
            (requester, done) => ExchangeRules.Delete(requester, method, done));

    /// <summary>As queue.bind.</summary>
    public Task<OperatorResult> BindAsync(OperatorRequest by, VHost vhost, QueueBind method) => OnTopologyAsync(
        by, OperatorAction.Bind, vhost, $"queue '{method.Queue}' to exchange '{method.Exchange}'",
        (requester, done) => BindingRules.Bind(requester, method, done));

    /// <summary>As exchange.bind.</summary>
    public Task<OperatorResult> BindAsync(OperatorRequest by, VHost vhost, ExchangeBind method) => OnTopologyAsync(
        by, OperatorAction.Bind, vhost, $"exchange '{method.Destination}' to exchange '{method.Source}'",
        (requester, done) => BindingRules.Bind(requester, method, done));

    /// <summary>As queue.unbind or exchange.unbind.</summary>
    public Task<OperatorResult> UnbindAsync(OperatorRequest by, VHost vhost, Binding binding) => OnTopologyAsync(
        by, OperatorAction.Unbind, vhost,
        $"{(binding.Queue is null ? "exchange" : "queue")} '{binding.DestinationName}' from exchange "
        + $"'{binding.Source.Name}'",
        (requester, done) =>
        {
            if (binding.Queue is { } queue)
            {
                BindingRules.Unbind(
                    requester, new QueueUnbind(queue.Name, binding.Source.Name, binding.RoutingKey, binding.Arguments),
                    done);
            }
            else
            {
                BindingRules.Unbind(
                    requester,
                    new ExchangeUnbind(
                        binding.DestinationName, binding.Source.Name, binding.RoutingKey, Arguments: binding.Arguments),
                    done);
            }
        });

    private Task<OperatorResult> OnTopologyAsync(
        OperatorRequest by, OperatorAction action, VHost vhost, string what, Action<Requester, Action> act)
    {
        var access = new Access(() => _broker.Catalog.Accounts, by.User, vhost.Name);
        return RunAsync(
            by, action, $"{what} in vhost '{vhost.Name}'", isAllowed: true,
            () => CompletedAsync(done => act(
                // Nobody's connection: it owns no exclusive queue.
                new Requester(_broker.Catalog, vhost, access, Connection: access),
                () => done(OperatorResult.Done))));
    }
}
