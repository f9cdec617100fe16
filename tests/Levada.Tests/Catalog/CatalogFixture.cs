using System.Text;
using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Catalog;

/// <summary>A catalog without a broker around it, and short ways to declare things in it as a client does.</summary>
internal sealed class CatalogFixture
{
    public const string LogPath = "data/catalog/catalog.log";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly object _connection = new();

    /// <summary>Starts on what the disk has.</summary>
    public CatalogFixture(
        PowerCutDisk? disk = null, int shards = 2, IScheduler? scheduler = null,
        QueueType defaultType = QueueType.Classic)
    {
        Disk = disk ?? new PowerCutDisk();
        Store = new CatalogStore(
            new CatalogOptions { Folder = "data/catalog", DefaultQueueType = defaultType },
            [.. Enumerable.Range(0, shards).Select(NewShard)],
            Disk, scheduler ?? new PoolScheduler(), NullLogger.Instance);
        Store.Hooks.QueueAdded = queue => Events.Add("+" + queue.Name);
        Store.Hooks.QueueRemoved = queue => Events.Add("-" + queue.Name);
        Store.Hooks.VHostRemoved = vhost => Events.Add("-" + vhost);
        Store.Hooks.Failed = fault => Fault = fault;
        Report = Store.Start();
        Guest = As("guest");
    }

    public PowerCutDisk Disk { get; }

    public CatalogStore Store { get; }

    public CatalogReport Report { get; }

    public List<string> Events { get; } = [];

    public Exception? Fault { get; private set; }

    /// <summary>The default user on the default virtual host.</summary>
    public Requester Guest { get; }

    public VHost VHost => Guest.VHost;

    public static Shard NewShard(int number) =>
        new(new ShardId(number), new PoolScheduler(), TimeProvider.System, fault => throw fault);

    public Requester As(string user, string vhost = "/", object? connection = null) => new(
        Store, Store.FindVHost(vhost)!, new Access(() => Store.Accounts, user, vhost), connection ?? _connection);

    public Queue Queue(
        string name, bool durable = false, bool exclusive = false, bool autoDelete = false,
        FieldTable? arguments = null)
    {
        Queue? queue = null;
        var method = new QueueDeclare(name, false, durable, exclusive, autoDelete, false, arguments);
        Done(done => QueueRules.Declare(Guest, method, made =>
        {
            queue = made;
            done();
        }));
        return queue!;
    }

    public Exchange Exchange(
        string name, string type = "direct", bool durable = false, bool autoDelete = false, bool isInternal = false,
        FieldTable? arguments = null)
    {
        var method = new ExchangeDeclare(name, type, false, durable, autoDelete, isInternal, false, arguments);
        Done(done => ExchangeRules.Declare(Guest, method, done));
        return FindExchange(name)!;
    }

    public void Bind(string exchange, string queue, string key = "", FieldTable? arguments = null) =>
        Done(done => BindingRules.Bind(Guest, new QueueBind(queue, exchange, key, false, arguments), done));

    public void Unbind(string exchange, string queue, string key = "", FieldTable? arguments = null) =>
        Done(done => BindingRules.Unbind(Guest, new QueueUnbind(queue, exchange, key, arguments), done));

    public void BindExchange(string source, string destination, string key = "", FieldTable? arguments = null) =>
        Done(done => BindingRules.Bind(Guest, new ExchangeBind(destination, source, key, false, arguments), done));

    public void UnbindExchange(string source, string destination, string key = "", FieldTable? arguments = null) =>
        Done(done => BindingRules.Unbind(Guest, new ExchangeUnbind(destination, source, key, false, arguments), done));

    public void DeleteExchange(string name, bool ifUnused = false) =>
        Done(done => ExchangeRules.Delete(Guest, new ExchangeDelete(name, ifUnused), done));

    public void DeleteQueue(string name) =>
        Done(done => Store.DeleteQueue(VHost, QueueRules.FindForDelete(Guest, name)!, done));

    public Exchange? FindExchange(string name) => VHost.FindExchange(Encoding.UTF8.GetBytes(name));

    public Queue? FindQueue(string name) => VHost.FindQueue(Encoding.UTF8.GetBytes(name));

    /// <summary>The names of the queues that a message goes to, sorted, with commas between.</summary>
    public string Route(string exchange, string key = "", FieldTable? headers = null) =>
        string.Join(',', RouteOf(exchange, key, headers).Queues.ToArray().Select(queue => queue.Name).Order());

    public RouteResult RouteOf(string exchange, string key = "", FieldTable? headers = null) =>
        RouteOf(exchange, key, new BasicProperties { Headers = headers });

    public RouteResult RouteOf(string exchange, string key, BasicProperties properties)
    {
        var result = new RouteResult();
        BasicPropertiesReader.TryRead(properties.ToBytes(), out var reader);
        Router.Route(FindExchange(exchange)!, Encoding.UTF8.GetBytes(key), reader, result);
        return result;
    }

    /// <summary>Everything there is, a line each, sorted: for comparing two catalogs.</summary>
    public string Everything()
    {
        var lines = new List<string>();
        foreach (var vhost in Store.VHosts)
        {
            lines.Add($"{vhost} {vhost.Limits}");
            lines.AddRange(vhost.Queues().Where(q => q.Durable)
                .Select(q => $"{vhost} queue {q.Name} {q.Id} {q.AutoDelete} {q.Arguments}"));
            foreach (var exchange in vhost.Exchanges().Where(x => x.Durable))
            {
                lines.Add($"{exchange} {exchange.Type} {exchange.AutoDelete} {exchange.Internal} {exchange.Arguments}");
                lines.AddRange(VHost.BindingsFrom(exchange).Where(b => b.Durable).Select(b =>
                    $"{exchange} -> {b.Queue?.Id} {b.DestinationName} {b.RoutingKey} {b.Arguments}"));
            }
        }

        lines.AddRange(Store.Accounts.Users.Values.Select(user =>
            $"user {user.Name} {user.Password?.Text} {string.Join(' ', user.Tags)} {user.MaxChannels} "
            + string.Join(' ', user.Permissions.OrderBy(p => p.Key).Select(p =>
                $"{p.Key}:{p.Value.Configure.Pattern}:{p.Value.Write.Pattern}:{p.Value.Read.Pattern}"))));
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    /// <summary>Returns when the callback was called.</summary>
    public static void Done(Action<Action> call)
    {
        var called = new ManualResetEventSlim();
        call(called.Set);
        Assert.True(called.Wait(Patience), "the change was never done");
    }

    public static AmqpException Refused(ushort code, string text, Action act)
    {
        var fault = Assert.Throws<AmqpException>(act);
        Assert.Equal(text, fault.Text);
        Assert.Equal(code, fault.ReplyCode);
        Assert.Equal(ErrorScope.Channel, fault.Scope);
        return fault;
    }
}
