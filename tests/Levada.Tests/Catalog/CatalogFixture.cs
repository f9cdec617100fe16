using System.Text;
using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;
using Xunit;

namespace Levada.Tests.Catalog;

/// <summary>A catalog without a broker around it, and short ways to declare things in it as a client does.</summary>
internal sealed class CatalogFixture
{
    private readonly object _connection = new();

    public CatalogFixture()
    {
        Store = new CatalogStore(
            new CatalogOptions { Folder = "catalog" }, [new Shard(new ShardId(0), new PoolScheduler(), TimeProvider.System, static _ => { }), new Shard(new ShardId(1), new PoolScheduler(), TimeProvider.System, static _ => { })],
            new NoDisk(), new PoolScheduler());
        Store.Start();
        Guest = As("guest");
    }

    public CatalogStore Store { get; }

    /// <summary>The default user on the default virtual host.</summary>
    public Requester Guest { get; }

    public VHost VHost => Guest.VHost;

    public Requester As(string user, string vhost = "/", object? connection = null) => new(
        Store, Store.FindVHost(vhost)!, new Access(() => Store.Accounts, user, vhost), connection ?? _connection);

    public Queue Queue(
        string name, bool durable = false, bool exclusive = false, bool autoDelete = false, FieldTable? arguments = null)
    {
        Queue? queue = null;
        var method = new QueueDeclare(name, false, durable, exclusive, autoDelete, false, arguments);
        QueueRules.Declare(Guest, method, made => queue = made);
        return queue!;
    }

    public Exchange Exchange(
        string name, string type = "direct", bool durable = false, bool autoDelete = false, bool isInternal = false,
        FieldTable? arguments = null)
    {
        var method = new ExchangeDeclare(name, type, false, durable, autoDelete, isInternal, false, arguments);
        ExchangeRules.Declare(Guest, method, () => { });
        return VHost.FindExchange(Encoding.UTF8.GetBytes(name))!;
    }

    public void Bind(string exchange, string queue, string key = "", FieldTable? arguments = null) =>
        BindingRules.Bind(Guest, new QueueBind(queue, exchange, key, false, arguments), () => { });

    public void Unbind(string exchange, string queue, string key = "", FieldTable? arguments = null) =>
        BindingRules.Unbind(Guest, new QueueUnbind(queue, exchange, key, arguments), () => { });

    public void BindExchange(string source, string destination, string key = "", FieldTable? arguments = null) =>
        BindingRules.Bind(Guest, new ExchangeBind(destination, source, key, false, arguments), () => { });

    public void UnbindExchange(string source, string destination, string key = "", FieldTable? arguments = null) =>
        BindingRules.Unbind(Guest, new ExchangeUnbind(destination, source, key, false, arguments), () => { });

    public void DeleteExchange(string name, bool ifUnused = false) =>
        ExchangeRules.Delete(Guest, new ExchangeDelete(name, ifUnused), () => { });

    public void DeleteQueue(string name) =>
        Store.DeleteQueue(VHost, QueueRules.FindForDelete(Guest, name)!, () => { });

    public Exchange? FindExchange(string name) => VHost.FindExchange(Encoding.UTF8.GetBytes(name));

    public Queue? FindQueue(string name) => VHost.FindQueue(Encoding.UTF8.GetBytes(name));

    /// <summary>The names of the queues that a message goes to, sorted, with commas between.</summary>
    public string Route(string exchange, string key = "", FieldTable? headers = null) =>
        string.Join(',', RouteOf(exchange, key, headers).Queues.ToArray().Select(queue => queue.Name).Order());

    public RouteResult RouteOf(string exchange, string key = "", FieldTable? headers = null)
    {
        var result = new RouteResult();
        Router.Route(FindExchange(exchange)!, Encoding.UTF8.GetBytes(key), headers?.ToBytes() ?? [], result);
        return result;
    }

    public static AmqpException Refused(ushort code, string text, Action act)
    {
        var fault = Assert.Throws<AmqpException>(act);
        Assert.Equal(text, fault.Text);
        Assert.Equal(code, fault.ReplyCode);
        Assert.Equal(ErrorScope.Channel, fault.Scope);
        return fault;
    }

    private sealed class NoDisk : IDisk
    {
        public IDiskFile Open(string path, DiskOpenMode mode) => throw new NotSupportedException();

        public bool Exists(string path) => throw new NotSupportedException();

        public IReadOnlyList<string> List(string folder) => throw new NotSupportedException();

        public void CreateFolder(string path) => throw new NotSupportedException();

        public void Delete(string path) => throw new NotSupportedException();

        public void Rename(string from, string to) => throw new NotSupportedException();

        public void SyncFolder(string path) => throw new NotSupportedException();

        public long FreeBytes(string folder) => throw new NotSupportedException();
    }
}
