using System.Text;
using Levada.Amqp;
using Levada.Auth;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// What AMQP's bind and unbind methods do to the definitions, with RabbitMQ's checks in RabbitMQ's order: write
/// permission where messages go, read permission where they come from. Called on the connection's turn; what a client
/// may not do is thrown, and then nothing has changed.
/// </summary>
public static class BindingRules
{
    /// <summary>
    /// queue.bind. The empty names that stand for the last declared queue are filled in by the channel.
    /// </summary>
    /// <exception cref="AmqpException">403, 404, 405 or 406: closes the channel.</exception>
    public static void Bind(Requester requester, in QueueBind method, Action done)
    {
        var (source, destination) = (Names.Strip(method.Exchange), Names.Strip(method.Queue));
        CheckNotDefault(source, MethodId.QueueBind);
        requester.Access.CheckQueue(Right.Write, destination, MethodId.QueueBind);
        requester.Access.CheckExchange(Right.Read, source, MethodId.QueueBind);
        var exchange = ExchangeRules.Find(requester, source, MethodId.QueueBind);
        var key = Encoding.UTF8.GetBytes(method.RoutingKey);
        requester.Access.CheckTopic(Right.Read, exchange, key, MethodId.QueueBind);
        var queue = QueueRules.Find(requester, destination, MethodId.QueueBind);
        var binding = new Binding(exchange, queue, key, method.Arguments);
        Check(binding, MethodId.QueueBind);
        requester.Catalog.Bind(requester.VHost, binding, MethodId.QueueBind, done, requester.User);
    }

    /// <summary>queue.unbind; of what is not there it is no mistake.</summary>
    /// <exception cref="AmqpException">403 or 405: closes the channel.</exception>
    public static void Unbind(Requester requester, in QueueUnbind method, Action done)
    {
        var (source, destination) = (Names.Strip(method.Exchange), Names.Strip(method.Queue));
        CheckNotDefault(source, MethodId.QueueUnbind);
        requester.Access.CheckQueue(Right.Write, destination, MethodId.QueueUnbind);
        requester.Access.CheckExchange(Right.Read, source, MethodId.QueueUnbind);
        var vhost = requester.VHost;
        var key = Encoding.UTF8.GetBytes(method.RoutingKey);
        var exchange = vhost.FindExchange(Encoding.UTF8.GetBytes(source));
        if (exchange is not null)
            requester.Access.CheckTopic(Right.Read, exchange, key, MethodId.QueueUnbind);
        var queue = vhost.FindQueue(Encoding.UTF8.GetBytes(destination));
        if (queue is not null)
            QueueRules.CheckExclusive(requester, queue, MethodId.QueueUnbind);
        if (exchange is null || queue is null)
            done();
        else
        {
            var same = new Binding(exchange, queue, key, method.Arguments);
            requester.Catalog.Unbind(vhost, same, done, requester.User);
        }
    }

    /// <summary>exchange.bind.</summary>
    /// <exception cref="AmqpException">403, 404 or 406: closes the channel.</exception>
    public static void Bind(Requester requester, in ExchangeBind method, Action done)
    {
        var (source, destination) = (Names.Strip(method.Source), Names.Strip(method.Destination));
        CheckMayBind(requester, source, destination, MethodId.ExchangeBind);
        var from = ExchangeRules.Find(requester, source, MethodId.ExchangeBind);
        var key = Encoding.UTF8.GetBytes(method.RoutingKey);
        requester.Access.CheckTopic(Right.Read, from, key, MethodId.ExchangeBind);
        var to = ExchangeRules.Find(requester, destination, MethodId.ExchangeBind);
        var binding = new Binding(from, to, key, method.Arguments);
        Check(binding, MethodId.ExchangeBind);
        requester.Catalog.Bind(requester.VHost, binding, MethodId.ExchangeBind, done, requester.User);
    }

    /// <summary>exchange.unbind; of what is not there it is no mistake.</summary>
    /// <exception cref="AmqpException">403: closes the channel.</exception>
    public static void Unbind(Requester requester, in ExchangeUnbind method, Action done)
    {
        var (source, destination) = (Names.Strip(method.Source), Names.Strip(method.Destination));
        CheckMayBind(requester, source, destination, MethodId.ExchangeUnbind);
        var vhost = requester.VHost;
        var key = Encoding.UTF8.GetBytes(method.RoutingKey);
        var from = vhost.FindExchange(Encoding.UTF8.GetBytes(source));
        if (from is not null)
            requester.Access.CheckTopic(Right.Read, from, key, MethodId.ExchangeUnbind);
        var to = vhost.FindExchange(Encoding.UTF8.GetBytes(destination));
        if (from is null || to is null)
            done();
        else
            requester.Catalog.Unbind(vhost, new Binding(from, to, key, method.Arguments), done, requester.User);
    }

    private static void CheckMayBind(Requester requester, string source, string destination, uint methodId)
    {
        CheckNotDefault(source, methodId);
        CheckNotDefault(destination, methodId);
        requester.Access.CheckExchange(Right.Write, destination, methodId);
        requester.Access.CheckExchange(Right.Read, source, methodId);
    }

    private static void CheckNotDefault(string exchange, uint methodId)
    {
        if (exchange.Length == 0)
            throw Errors.DefaultExchange(methodId);
    }

    private static void Check(Binding binding, uint methodId)
    {
        var fault = Fault(
            binding.Source.RoutingType, binding.RoutingKeyUtf8, binding.Arguments, binding.Queue?.Type);
        if (fault is not null)
            throw Errors.Precondition(fault, methodId);
    }

    /// <summary>What the type of the source has against a binding; null if nothing.</summary>
    /// <param name="type">How the source chooses among its bindings.</param>
    /// <param name="routingKey">The binding's.</param>
    /// <param name="arguments">The binding's.</param>
    /// <param name="queue">What the queue is where it ends; null if it ends at an exchange.</param>
    internal static string? Fault(
        ExchangeType type, byte[] routingKey, FieldTable arguments, QueueType? queue) => type switch
        {
            ExchangeType.Headers => HeadersPattern.Fault(arguments),
            ExchangeType.ConsistentHash => HashShare.Fault(routingKey),
            ExchangeType.LocalRandom => LocalRandomFault(routingKey, queue),
            _ => null,
        };

    // RabbitMQ keeps this type to queues that are on one node only, and to where no key is expected to mean something.
    private static string? LocalRandomFault(byte[] routingKey, QueueType? queue)
    {
        if (routingKey.Length > 0)
            return $"Non empty binding '{Encoding.UTF8.GetString(routingKey)}' key not permitted";
        if (queue is null)
            return "Destination not found";
        return queue == QueueType.Quorum
            ? "Queue type rabbit_quorum_queue not valid for this exchange type"
            : null;
    }
}
