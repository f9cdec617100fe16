using System.Collections.Concurrent;
using System.Text;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// Direct reply-to (rule I15): requesters that consume from `amq.rabbitmq.reply-to`, by the token that the broker puts
/// into their requests. Replies go straight to the requester's outbox, past any queue. Safe from any thread.
/// </summary>
internal sealed class DirectReplies
{
    public const string RequestName = "amq.rabbitmq.reply-to";
    private const string Prefix = RequestName + ".";

    private static readonly byte[] PrefixUtf8 = Encoding.UTF8.GetBytes(Prefix);

    private readonly ConcurrentDictionary<string, Channel> _requesters = new(StringComparer.Ordinal);

    public static bool IsRequestName(string queue) => queue == RequestName || queue == "amq.direct.reply-to";

    public static bool IsReplyKey(ReadOnlySpan<byte> routingKey) => routingKey.StartsWith(PrefixUtf8);

    public static bool IsReplyName(string queue) => queue.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Makes a channel reachable; returns the name that replies are sent to.</summary>
    public string Add(Channel requester)
    {
        var name = Channel.NewName(Prefix);
        _requesters[name] = requester;
        return name;
    }

    public void Remove(string name) => _requesters.TryRemove(name, out _);

    /// <summary>Whether the requester still waits: what a passive declare of the name asks.</summary>
    public bool IsAlive(string name) => _requesters.ContainsKey(name);

    /// <summary>False if the requester is gone or has no room.</summary>
    public bool Deliver(scoped StoredMessage message, ReadOnlySpan<byte> body) =>
        _requesters.TryGetValue(Encoding.UTF8.GetString(message.RoutingKey), out var requester)
        && requester.DeliverReply(message, body);
}
