using System.Numerics;
using Levada.Journal;
using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>Publisher confirms of a channel (rules I4-I7), and which exchange each of them counts for.</summary>
internal sealed partial class Channel
{
    private Confirms? _confirms;

    /// <summary>Puts this post's publishes in line for their confirms, as the batches are posted.</summary>
    public void OpenConfirms(PostBatch?[] batches)
    {
        _isInPost = false;
        if (_confirms is not null && !_isEnded)
        {
            var post = _confirms.Open(
                _published, BitOperations.PopCount(_shardsOfPost), _postIsPersistent, isRefused: false,
                _routes?.Switches);
            for (var shards = _shardsOfPost; shards != 0; shards &= shards - 1)
                batches[BitOperations.TrailingZeroCount(shards)]!.AddConfirm(post);
        }
        _routes?.Switches?.Clear();
        _shardsOfPost = 0;
        _postIsPersistent = false;
    }

    private void HandleConfirmSelect(ReadOnlySpan<byte> args)
    {
        if (!ConfirmSelect.TryRead(args, out var select))
            throw CannotDecode(MethodId.ConfirmSelect);
        if (Mode == ChannelMode.Transaction)
        {
            throw ChannelError(
                ReplyCode.PreconditionFailed, "cannot switch from tx to confirm mode", MethodId.ConfirmSelect);
        }
        Mode = ChannelMode.Confirm;
        _routes?.Forget();
        lock (_outbox.Lock)
            _confirms ??= new Confirms(_outbox, Number, Counters, Broker.Timings.Confirm);
        _shardsOfPost = 0;
        _postIsPersistent = false;
        if (!select.NoWait)
            Reply(new ConfirmSelectOk());
    }

    /// <summary>Publishes not yet confirmed.</summary>
    public long Unconfirmed => _confirms?.Unconfirmed ?? 0;
}
