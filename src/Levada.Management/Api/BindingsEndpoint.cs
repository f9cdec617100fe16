using System.Text;
using Levada.Catalog;
using Levada.Definitions;
using Levada.Exchanges;
using Levada.Management.Lists;
using Levada.Protocol;
using Levada.Queues;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// /api/bindings and the bindings of one exchange. Who may see a virtual host sees them, those that queues have with
/// the default exchange too; changes are made by the rights of the asking user, as if it had connected.
/// </summary>
internal sealed class BindingsEndpoint(Broker broker)
{
    public Task ListAsync(HttpContext context) => ListAsync(
        context, broker.Catalog.VHosts.Where(vhost => Roles.MaySee(context, broker, vhost.Name)).SelectMany(AllIn));

    public Task OfVHostAsync(HttpContext context) =>
        ListAsync(context, AllIn(ExchangesEndpoint.VHostOf(broker, context)!));

    /// <summary>Those that start at the exchange.</summary>
    public Task OfSourceAsync(HttpContext context) => ListAsync(
        context,
        ExchangesEndpoint.Find(broker, context) is { } exchange
            ? AllFrom(ExchangesEndpoint.VHostOf(broker, context)!, exchange)
            : []);

    /// <summary>Those that end there.</summary>
    public Task OfDestinationAsync(HttpContext context)
    {
        var name = ExchangesEndpoint.NameOf(context);
        return ListAsync(
            context,
            AllIn(ExchangesEndpoint.VHostOf(broker, context)!)
                .Where(b => b.Binding?.Exchange is { } exchange && exchange.Name == name));
    }

    /// <summary>Those between two ends that the path names.</summary>
    public Task BetweenAsync(HttpContext context) =>
        ListAsync(context, TryFindEnds(context, out var ends) ? Between(ends) : []);

    public Task GetAsync(HttpContext context) => Find(context) is { } found
        ? Reply.OkAsync(context, found, ApiJson.Default.BindingReply)
        : Reply.NotFoundAsync(context);

    /// <summary>{"routing_key": "...", "arguments": {...}}, both optional. Location names it.</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, BindingEntry.ReadProperties) is not { } wanted)
            return;
        var vhost = ExchangesEndpoint.VHostOf(broker, context)!;
        var (key, arguments) = (wanted.RoutingKey, wanted.Arguments);
        var source = ExchangesEndpoint.NameOf(context, "source");
        var destination = PathName.Of(context, "destination");
        // 201 whether it was there or not, as RabbitMQ.
        await OperatorEndpoint.AnswerAsync(
            context,
            by => IsToQueue(context)
                ? broker.Actions.BindAsync(by, vhost, new QueueBind(destination, source, key, Arguments: arguments))
                : broker.Actions.BindAsync(by, vhost, new ExchangeBind(destination, source, key, Arguments: arguments)),
            StatusCodes.Status201Created);
        if (context.Response.StatusCode == StatusCodes.Status201Created)
        {
            context.Response.Headers.Location = $"{Uri.EscapeDataString(destination)}/"
                + Uri.EscapeDataString(BindingReply.KeyOf(key, arguments));
        }
    }

    public Task DeleteAsync(HttpContext context)
    {
        var key = PathName.Of(context, "props");
        if (!TryFindEnds(context, out var ends)
            || VHost.BindingsFrom(ends.Source).Where(b => IsBetween(b, ends))
                .FirstOrDefault(b => BindingReply.Of(b).IsNamed(key)) is not { } binding)
        {
            return Reply.NotFoundAsync(context);
        }

        return OperatorEndpoint.AnswerAsync(context, by => broker.Actions.UnbindAsync(by, ends.VHost, binding));
    }

    /// <summary>Those that end at the queue that the path names.</summary>
    public Task OfQueueAsync(HttpContext context)
    {
        var vhost = ExchangesEndpoint.VHostOf(broker, context)!;
        return vhost.FindQueue(Encoding.UTF8.GetBytes(PathName.Of(context))) is { } queue
            ? ListAsync(context, AllIn(vhost).Where(b => (b.Binding?.Queue ?? b.Bound) == queue))
            : Reply.NotFoundAsync(context);
    }

    private static IEnumerable<BindingList.Item> AllIn(VHost vhost) =>
        vhost.Exchanges().SelectMany(e => AllFrom(vhost, e));

    private static IEnumerable<BindingList.Item> AllFrom(VHost vhost, Exchange source) => source.IsDefault
        ? vhost.Queues().Select(static queue => new BindingList.Item(null, queue))
        : VHost.BindingsFrom(source).Select(static binding => new BindingList.Item(binding, null));

    private static IEnumerable<BindingList.Item> Between(Ends ends)
    {
        if (ends.Source.IsDefault)
            return ends.Queue is null ? [] : [new BindingList.Item(null, ends.Queue)];
        return VHost.BindingsFrom(ends.Source).Where(b => IsBetween(b, ends))
            .Select(static binding => new BindingList.Item(binding, null));
    }

    private static bool IsBetween(Binding binding, Ends ends) =>
        ReferenceEquals(binding.Queue, ends.Queue) && ReferenceEquals(binding.Exchange, ends.Exchange);

    private BindingReply? Find(HttpContext context)
    {
        var key = PathName.Of(context, "props");
        return TryFindEnds(context, out var ends)
            ? Between(ends).Select(static b => b.ToReply()).FirstOrDefault(b => b.IsNamed(key))
            : null;
    }

    private bool TryFindEnds(HttpContext context, out Ends ends)
    {
        ends = default;
        if (ExchangesEndpoint.VHostOf(broker, context) is not { } vhost
            || ExchangesEndpoint.Find(broker, context, "source") is not { } source)
        {
            return false;
        }

        var name = PathName.Of(context, "destination");
        ends = IsToQueue(context)
            ? new Ends(vhost, source, vhost.FindQueue(Encoding.UTF8.GetBytes(name)), null)
            : new Ends(vhost, source, null, ExchangesEndpoint.Find(broker, context, "destination"));
        return ends.Queue is not null || ends.Exchange is not null;
    }

    private static bool IsToQueue(HttpContext context) => (string?)context.Request.RouteValues["kind"] == "q";

    private static Task ListAsync(HttpContext context, IEnumerable<BindingList.Item> bindings) =>
        ListReply.WriteAsync(context, BindingList.Kind, bindings);

    // One of queue and exchange is null.
    private readonly record struct Ends(VHost VHost, Exchange Source, Queue? Queue, Exchange? Exchange);
}
