using System.Text;
using Levada.Amqp;
using Levada.Auth;
using Levada.Exchanges;
using Levada.Protocol;

namespace Levada.Catalog;

/// <summary>
/// What AMQP's exchange methods do to the definitions, with RabbitMQ's checks in RabbitMQ's order. Called on the
/// connection's turn; what a client may not do is thrown, and then nothing has changed.
/// </summary>
public static class ExchangeRules
{
    /// <summary>exchange.declare, passive or not.</summary>
    /// <exception cref="AmqpException">403, 404 (passive) or 406: closes the channel.</exception>
    public static void Declare(Requester requester, in ExchangeDeclare method, Action done)
    {
        var vhost = requester.VHost;
        var name = Names.Strip(method.Exchange);
        if (name.Length == 0)
            throw Errors.DefaultExchange(MethodId.ExchangeDeclare);
        if (method.Passive)
        {
            Find(requester, name, MethodId.ExchangeDeclare);
            done();
            return;
        }

        requester.Access.CheckExchange(Right.Configure, name, MethodId.ExchangeDeclare);
        var exists = vhost.FindExchange(Encoding.UTF8.GetBytes(name)) is not null;
        if (!exists)
            CheckNew(requester, name, method.Arguments);
        if (!ExchangeTypes.TryParse(method.Type, out var type))
            throw Errors.UnknownExchangeType(method.Type);
        var definition = new ExchangeDefinition(
            name, type, method.Durable, method.AutoDelete, method.Internal, method.Arguments);
        if (!exists)
            ExchangeArguments.Check(definition, vhost.Name, requester.Catalog.Options);
        requester.Catalog.DeclareExchange(vhost, definition, _ => done(), requester.User);
    }

    /// <summary>exchange.delete; of one that is not there it is no mistake.</summary>
    /// <exception cref="AmqpException">403 or 406: closes the channel.</exception>
    public static void Delete(Requester requester, in ExchangeDelete method, Action done)
    {
        var vhost = requester.VHost;
        var name = Names.Strip(method.Exchange);
        if (name.Length == 0)
            throw Errors.DefaultExchange(MethodId.ExchangeDelete);
        if (Names.IsReserved(name))
            throw Errors.SystemExchange(name, vhost.Name);
        requester.Access.CheckExchange(Right.Configure, name, MethodId.ExchangeDelete);
        if (vhost.FindExchange(Encoding.UTF8.GetBytes(name)) is { } exchange)
            requester.Catalog.DeleteExchange(vhost, exchange, method.IfUnused, done, requester.User);
        else
            done();
    }

    /// <summary>The exchange that a method names; an empty name is the default exchange.</summary>
    /// <exception cref="AmqpException">404: closes the channel.</exception>
    public static Exchange Find(Requester requester, string name, uint methodId)
    {
        name = Names.Strip(name);
        return requester.VHost.FindExchange(Encoding.UTF8.GetBytes(name))
            ?? throw Errors.NoExchange(name, requester.VHost.Name, methodId);
    }

    private static void CheckNew(Requester requester, string name, FieldTable arguments)
    {
        if (Names.IsReserved(name))
            throw Errors.ReservedName("exchange", name, MethodId.ExchangeDeclare);
        ExchangeArguments.CheckAlternate(name, requester.VHost.Name, arguments);
        foreach (var argument in ExchangeArguments.Alternates)
        {
            if (!arguments.TryGet(argument, out var alternate))
                continue;
            requester.Access.CheckExchange(Right.Read, name, MethodId.ExchangeDeclare);
            requester.Access.CheckExchange(Right.Write, alternate.AsString, MethodId.ExchangeDeclare);
        }
    }
}
