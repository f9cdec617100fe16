using System.Text;
using Levada.Amqp;
using Levada.Auth;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// What AMQP's queue methods do to the definitions, with RabbitMQ's checks in RabbitMQ's order. Called on the
/// connection's turn; what a client may not do is thrown, and then nothing has changed.
/// </summary>
public static class QueueRules
{
    /// <summary>
    /// The queue for queue.declare: found, or made if it may be. An empty name asks for one; the queue given to
    /// <paramref name="done"/> has it. Message and consumer counts are asked of its shard afterwards.
    /// </summary>
    /// <exception cref="AmqpException">403, 404 (passive), 405 or 406: closes the channel.</exception>
    public static void Declare(Requester requester, in QueueDeclare method, Action<Queue> done)
    {
        var vhost = requester.VHost;
        var name = Names.Strip(method.Queue);
        if (method.Passive)
        {
            done(Find(requester, name, MethodId.QueueDeclare));
            return;
        }

        if (Names.IsReserved(name))
            throw Errors.ReservedName("queue", name, MethodId.QueueDeclare);
        if (name.Length == 0)
            name = Names.Generate();
        requester.Access.CheckQueue(Right.Configure, name, MethodId.QueueDeclare);
        var definition = new QueueDefinition(
            name, method.Durable, method.Exclusive, method.AutoDelete, method.Arguments,
            TypeOf(requester, method), requester.Connection);
        if (vhost.FindQueue(Encoding.UTF8.GetBytes(name)) is null)
            CheckNew(requester, definition);
        requester.Catalog.CountQueueDeclared();
        requester.Catalog.DeclareQueue(vhost, definition, done, requester.User);
    }

    // A queue that is not durable, or goes by itself, is classic whatever the default is: it cannot be another.
    private static QueueType? TypeOf(Requester requester, in QueueDeclare method)
    {
        if (method.Arguments.TryGet(QueueArguments.Type, out var named))
            return QueueArguments.TypeOf(named);
        return method is { Durable: true, Exclusive: false, AutoDelete: false }
            ? requester.Catalog.DefaultQueueType(requester.VHost)
            : QueueType.Classic;
    }

    /// <summary>
    /// The queue that a method names and this connection may use: for passive declare, consume, get, purge and bind.
    /// </summary>
    /// <exception cref="AmqpException">404 or 405: closes the channel.</exception>
    public static Queue Find(Requester requester, string name, uint methodId)
    {
        name = Names.Strip(name);
        var queue = requester.VHost.FindQueue(Encoding.UTF8.GetBytes(name))
            ?? throw (methodId == MethodId.QueueDeclare
                ? Errors.NoQueueToSee(name, requester.VHost.Name)
                : Errors.NoQueue(name, requester.VHost.Name, methodId));
        CheckExclusive(requester, queue, methodId);
        return queue;
    }

    /// <summary>The queue to consume, get or purge from.</summary>
    /// <exception cref="AmqpException">403, 404 or 405: closes the channel.</exception>
    public static Queue FindForRead(Requester requester, string name, uint methodId)
    {
        requester.Access.CheckQueue(Right.Read, Names.Strip(name), methodId);
        return Find(requester, name, methodId);
    }

    /// <summary>
    /// The queue to delete; null if there is none, which is no mistake. Its shard then checks if-unused and if-empty,
    /// the catalog takes it out (<see cref="CatalogStore.DeleteQueue"/>), its shard drops the messages.
    /// </summary>
    /// <exception cref="AmqpException">403 or 405: closes the channel.</exception>
    public static Queue? FindForDelete(Requester requester, string name)
    {
        name = Names.Strip(name);
        requester.Access.CheckQueue(Right.Configure, name, MethodId.QueueDelete);
        var queue = requester.VHost.FindQueue(Encoding.UTF8.GetBytes(name));
        if (queue is not null)
            CheckExclusive(requester, queue, MethodId.QueueDelete);
        return queue;
    }

    /// <summary>The arguments of basic.consume.</summary>
    /// <exception cref="AmqpException">406: closes the channel.</exception>
    public static void CheckConsumeArguments(Queue queue, FieldTable arguments) =>
        QueueArguments.CheckConsumer(queue.Name, queue.VHost, arguments);

    /// <exception cref="AmqpException">405: the queue is exclusive to another connection.</exception>
    internal static void CheckExclusive(Requester requester, Queue queue, uint methodId)
    {
        if (queue.Exclusive && !ReferenceEquals(queue.Owner, requester.Connection))
            throw Errors.Locked(queue, methodId);
    }

    private static void CheckNew(Requester requester, QueueDefinition queue)
    {
        var vhost = requester.VHost.Name;
        QueueArguments.CheckDeadLetterExchange(queue.Name, vhost, queue.Arguments);
        if (queue.Arguments.TryGet(QueueArguments.DeadLetterExchange, out var exchange))
        {
            requester.Access.CheckQueue(Right.Read, queue.Name, MethodId.QueueDeclare);
            requester.Access.CheckExchange(Right.Write, exchange.AsString, MethodId.QueueDeclare);
        }

        QueueArguments.Check(queue, vhost, requester.Catalog.Options);
    }
}
