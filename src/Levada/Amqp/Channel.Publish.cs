using System.Buffers;
using System.Text;
using Levada.Auth;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>From a whole message to the batches of the shards its queues live in (rules I1-I6, I11-I16).</summary>
internal sealed partial class Channel
{
    // Properties that ask for more than to be carried.
    private const BasicPropertyFlags Special = BasicPropertyFlags.Headers | BasicPropertyFlags.ReplyTo
        | BasicPropertyFlags.Expiration | BasicPropertyFlags.UserId;

    private RouteCache? _routes;
    private ulong _published;
    private ulong _shardsOfPost;
    private bool _postIsPersistent;
    private bool _isInPost;

    // The head is everything before the body; the body follows in it or is given apart.
    private void Publish(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        Counters.Published++;
        Connection.Counters.Published++;
        var message = new StoredMessage(head[.._headSize]);
        if (Mode == ChannelMode.Confirm && MustRefuse())
            return;
        BasicPropertiesReader.TryRead(message.Properties, out var properties);
        if ((properties.Flags & Special) != 0)
        {
            PublishSpecial(head, body, properties);
            return;
        }
        var result = Route(message, properties, hasCopies: false);
        Count();
        Send(result, head, body);
    }

    private void Count()
    {
        if (Mode != ChannelMode.Confirm)
            return;
        _published++;
        if (_isInPost)
            return;
        _isInPost = true;
        Connection.PostConfirms(this);
    }

    // No room on disk: who asked for confirms is told by a nack, everyone else waits at the gate.
    private bool MustRefuse()
    {
        if (!Broker.Alarms.IsDiskFull)
            return false;
        Connection.PublishGated();
        Nack();
        return true;
    }

    private void Nack()
    {
        Connection.PostBatches();
        _confirms!.Open(++_published, shards: 0, isPersistent: false, isRefused: true);
    }

    private bool IsGateClosed() =>
        Connection.IsPublishGated && !(Mode == ChannelMode.Confirm && Broker.Alarms.IsDiskFull);

    private RouteResult Route(
        scoped StoredMessage message, scoped in BasicPropertiesReader properties, bool hasCopies)
    {
        var cache = _routes ??= new RouteCache(Broker.Options);
        var revision = Connection.Access.Revision;
        if (!hasCopies && cache.Matches(message.ExchangeAndRoutingKey, revision))
        {
            cache.Count();
            return cache.Result;
        }
        cache.Begin(FindExchangeToPublish(message), revision);
        if (Mode == ChannelMode.Confirm)
            cache.NoteSwitch(_published);
        if (hasCopies)
            CheckCopies(cache.Exchange, properties.HeadersBytes);
        Router.Route(cache.Exchange, message.RoutingKey, properties, cache.Result);
        if (cache.Result.IsRepeatable)
            cache.Keep(message.ExchangeAndRoutingKey);
        cache.Count();
        return cache.Result;
    }

    // CC and BCC are no way around topic permissions.
    private void CheckCopies(Exchange exchange, ReadOnlySpan<byte> headers)
    {
        for (var keys = new CarbonCopies(headers); keys.MoveNext();)
            Connection.Access.CheckTopic(Right.Write, exchange, keys.Current, MethodId.BasicPublish);
    }

    private Exchange FindExchangeToPublish(scoped StoredMessage message)
    {
        var exchange = Connection.VHost!.FindExchange(message.Exchange)
            ?? throw Errors.NoExchange(
                Encoding.UTF8.GetString(message.Exchange), Connection.VHost.Name, MethodId.BasicPublish);
        Connection.Access.CheckExchange(Right.Write, exchange.Name, MethodId.BasicPublish);
        if (exchange.Internal)
            throw Errors.InternalExchange(exchange.Name, exchange.VHost);
        Connection.Access.CheckTopic(Right.Write, exchange, message.RoutingKey, MethodId.BasicPublish);
        return exchange;
    }

    // A message with headers, reply-to, expiration or user-id: checked, and rewritten where it must be.
    private void PublishSpecial(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, BasicPropertiesReader properties)
    {
        var started = _spans?.Now ?? default;
        var message = new StoredMessage(head[.._headSize]);
        var hasCopies = Router.HasCarbonCopies(properties.HeadersBytes);
        var result = Route(message, properties, hasCopies);
        CheckUserId(properties);
        CheckExpiration(properties);
        byte[]? replyTo = null, withoutBcc = null;
        var changed = message.Properties;
        if (IsDirectReplyTo(properties.ReplyTo))
            changed = RewriteReplyTo(changed, out replyTo);
        // Where it waits these keys are still needed.
        if (hasCopies && !result.IsHeldBack)
            changed = RemoveBcc(changed, out withoutBcc);
        var isDuplicate = IsDuplicate(result, properties.HeadersBytes);
        Count();
        if (isDuplicate)
            LeaveOut(head, body);
        else if (replyTo is null && withoutBcc is null)
            Send(result, head, body);
        else
            SendRewritten(result, head, body, changed);
        if (properties.Has(BasicPropertyFlags.Expiration))
            SayExpiring(result.Queues);
        _spans?.Published(
            properties.HeadersBytes, Connection.VHost!.Name, message.Exchange, message.RoutingKey,
            result.Queues.Length, (int)_bodySize, started);
        if (replyTo is not null)
            ArrayPool<byte>.Shared.Return(replyTo);
        if (withoutBcc is not null)
            ArrayPool<byte>.Shared.Return(withoutBcc);
    }

    // By the exchange that it was published to. What goes nowhere is not remembered: it may come again when it does.
    private bool IsDuplicate(RouteResult result, ReadOnlySpan<byte> headers)
    {
        if (_routes!.Exchange.Deduplication is not { } known || result.Queues.IsEmpty)
            return false;
        if (!known.TryAdd(headers, Broker.ElapsedMs, out var key))
        {
            _routes.Exchange.CountDeduplicated();
            return true;
        }
        if (Mode == ChannelMode.Transaction && key is { } added)
            _transaction!.Remember(known, added);
        return false;
    }

    // Confirmed like any other: to its publisher it is as if it had arrived the first time only.
    private void LeaveOut(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        Counters.Deduplicated++;
        Connection.Counters.Deduplicated++;
        if (_mandatory)
            Return(ReplyCode.NoRoute, "NO_ROUTE", head, body);
    }

    private void SayExpiring(ReadOnlySpan<Queue> queues)
    {
        foreach (var queue in queues)
        {
            var batch = Mode == ChannelMode.Transaction
                ? _transaction!.SettleBatch(queue.Shard)
                : Connection.Batch(queue.Shard);
            batch.AddExpiring(queue);
        }
    }

    private void SendRewritten(
        RouteResult result, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ReadOnlySpan<byte> properties)
    {
        var message = new StoredMessage(head[.._headSize]);
        // A body of several frames lies behind the head; here it is handed over apart.
        if (body.IsEmpty)
            body = head[_headSize..];
        var size = StoredMessage.HeadSize(message.Exchange.Length, message.RoutingKey.Length, properties.Length);
        var changed = ArrayPool<byte>.Shared.Rent(size);
        _headSize = StoredMessage.WriteHead(
            changed, message.TimestampMs, message.Exchange, message.RoutingKey, properties, message.BodyField);
        Send(result, changed.AsSpan(0, _headSize), body);
        ArrayPool<byte>.Shared.Return(changed);
    }

    private void CheckUserId(BasicPropertiesReader properties)
    {
        if (!properties.Has(BasicPropertyFlags.UserId)
            || properties.UserId.SequenceEqual(Connection.UserNameUtf8)
            || Connection.Access.HasTag("impersonator"))
        {
            return;
        }
        throw ChannelError(
            ReplyCode.PreconditionFailed,
            $"user_id property set to '{Encoding.UTF8.GetString(properties.UserId)}' but authenticated user was "
            + $"'{Connection.UserName}'",
            MethodId.BasicPublish);
    }

    // Rule I12: a whole number of milliseconds, not negative, that fits RabbitMQ's 32 bits.
    private static void CheckExpiration(BasicPropertiesReader properties)
    {
        if (!properties.Has(BasicPropertyFlags.Expiration))
            return;
        var isNumber = Expiration.TryParse(properties.Expiration, out var ms);
        var reason = !isNumber ? "not a whole number of milliseconds"
            : ms < 0 ? "negative" : ms > uint.MaxValue ? "above 4294967295" : null;
        if (reason is not null)
        {
            var text = Encoding.UTF8.GetString(properties.Expiration);
            throw ChannelError(
                ReplyCode.PreconditionFailed, $"invalid expiration '{text}': {reason}", MethodId.BasicPublish);
        }
    }

    private void Send(RouteResult result, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (Connection.VHost!.Firehose is { } trace)
            TracePublish(trace, result, head, body);
        if (result.HasHistory)
            RememberRecent(result, head, body);
        var queues = result.Queues;
        if (queues.IsEmpty)
        {
            SendNowhere(head, body);
            return;
        }
        // As RabbitMQ's plugin does: where it will go is not known yet.
        if (_mandatory && result.IsHeldBack)
            Return(ReplyCode.NoRoute, "NO_ROUTE", head, body);
        if (_immediate && !AnyHasRoom(queues))
        {
            Return(ReplyCode.NoConsumers, "NO_CONSUMERS", head, body);
            return;
        }
        var done = 0UL;
        for (var i = 0; i < queues.Length; i++)
        {
            var shard = queues[i].Shard;
            var bit = 1UL << shard.Id.Value;
            if ((done & bit) != 0)
                continue;
            done |= bit;
            AddToBatch(BatchOf(shard), queues[i..], head, body);
        }
        _shardsOfPost |= done;
    }

    // A queue that is bound just now gets the message by its binding, with the history, or twice: never not at all.
    // Whoever binds shows the binding first and takes the history then; here it is the other way round.
    private void RememberRecent(RouteResult result, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var message = new StoredMessage(head[.._headSize]);
        BasicPropertiesReader.TryRead(message.Properties, out var properties);
        if (!RecentHistory.Wants(properties.HeadersBytes))
            return;
        foreach (var exchange in result.Exchanges.Items)
            exchange.History?.Add(head, body, _bodyWriter?.File);
        if (!_routes!.IsCurrent)
            Router.RouteAgain(_routes.Exchange, message.RoutingKey, properties, result);
    }

    // One copy of the message for all its queues of one shard.
    private void AddToBatch(
        PostBatch batch, ReadOnlySpan<Queue> queues, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var size = head.Length + body.Length;
        if (Mode == ChannelMode.Transaction)
            CountInTransaction(_bodyWriter is null ? size : size + (long)_bodySize);
        var to = batch.AddMessage(size);
        head.CopyTo(to);
        body.CopyTo(to[head.Length..]);
        if (_bodyWriter is not null)
            batch.AddBody(_bodyWriter.File);
        var first = queues[0];
        batch.AddTarget(first, size, _isPersistent, first: true, Number, _published);
        _postIsPersistent |= (_isPersistent && first.Durable) || first.KeepsAll;
        foreach (var queue in queues[1..])
        {
            if (!ReferenceEquals(queue.Shard, first.Shard))
                continue;
            batch.AddTarget(queue, size, _isPersistent, first: false);
            _postIsPersistent |= (_isPersistent && queue.Durable) || queue.KeepsAll;
        }
    }

    private void CountInTransaction(long size)
    {
        _transaction!.Bytes += size;
        if (_transaction.Bytes > Broker.Options.UnfinishedMax)
        {
            throw Errors.Precondition(
                $"the transaction holds more than {Broker.Options.UnfinishedMax} octets (unfinished_max); commit "
                + "more often",
                MethodId.BasicPublish);
        }
    }

    private PostBatch BatchOf(Shard shard) =>
        Mode == ChannelMode.Transaction ? _transaction!.Batch(shard) : Connection.Batch(shard);

    private void SendNowhere(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        var message = new StoredMessage(head[.._headSize]);
        if (message.Exchange.IsEmpty && DirectReplies.IsReplyKey(message.RoutingKey))
        {
            if (Broker.DirectReplies.Deliver(message, body.IsEmpty ? head[_headSize..] : body))
                return;
        }
        if (_mandatory)
            Return(ReplyCode.NoRoute, "NO_ROUTE", head, body);
        else
        {
            Counters.DroppedUnroutable++;
            Connection.Counters.DroppedUnroutable++;
            _routes!.Publishes.DroppedUnroutable++;
        }
    }

    private void Return(ushort code, string text, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        Counters.Returned++;
        Connection.Counters.Returned++;
        _routes!.Publishes.Returned++;
        if (body.IsEmpty)
            body = head[_headSize..];
        if (Mode == ChannelMode.Transaction)
            _transaction!.AddReturn(code, text, head[.._headSize], body, _bodyWriter?.File);
        else
            WriteReturn(code, text, new StoredMessage(head[.._headSize]), body);
    }

    private static bool AnyHasRoom(ReadOnlySpan<Queue> queues)
    {
        foreach (var queue in queues)
        {
            if (queue.HasRoom)
                return true;
        }
        return false;
    }
}
