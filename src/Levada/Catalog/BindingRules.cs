using System.Text;
using Levada.Amqp;
using Levada.Auth;
using Levada.Exchanges;
using Levada.Protocol;

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
        CheckHeaders(exchange, method.Arguments, MethodId.QueueBind);
        var binding = new Binding(exchange, queue, key, method.Arguments);
        requester.Catalog.Bind(requester.VHost, binding, MethodId.QueueBind, done);
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
            requester.Catalog.Unbind(vhost, new Binding(exchange, queue, key, method.Arguments), done);
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
        CheckHeaders(from, method.Arguments, MethodId.ExchangeBind);
        var binding = new Binding(from, to, key, method.Arguments);
        requester.Catalog.Bind(requester.VHost, binding, MethodId.ExchangeBind, done);
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
            requester.Catalog.Unbind(vhost, new Binding(from, to, key, method.Arguments), done);
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

    private static void CheckHeaders(Exchange source, FieldTable arguments, uint methodId)
    {
        if (source.Type == ExchangeType.Headers && HeadersPattern.Fault(arguments) is { } fault)
            throw Errors.Precondition(fault, methodId);
    }
}
