using Levada.Catalog;
using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>
/// The exchange methods. What may be done is for <see cref="ExchangeRules"/> and BindingRules to say.
/// </summary>
internal sealed partial class Channel
{
    private void HandleExchangeDeclare(ReadOnlySpan<byte> args)
    {
        if (!ExchangeDeclare.TryRead(args, out var declare))
            throw CannotDecode(MethodId.ExchangeDeclare);
        Wait();
        ExchangeRules.Declare(Connection.Requester, declare, () => Answered(() =>
        {
            if (!declare.NoWait)
                Reply(new ExchangeDeclareOk());
        }));
    }

    private void HandleExchangeDelete(ReadOnlySpan<byte> args)
    {
        if (!ExchangeDelete.TryRead(args, out var delete))
            throw CannotDecode(MethodId.ExchangeDelete);
        Wait();
        ExchangeRules.Delete(Connection.Requester, delete, () => Answered(() =>
        {
            if (!delete.NoWait)
                Reply(new ExchangeDeleteOk());
        }));
    }

    private void HandleExchangeBind(ReadOnlySpan<byte> args)
    {
        if (!ExchangeBind.TryRead(args, out var bind))
            throw CannotDecode(MethodId.ExchangeBind);
        Wait();
        BindingRules.Bind(Connection.Requester, bind, () => Answered(() =>
        {
            if (!bind.NoWait)
                Reply(new ExchangeBindOk());
        }));
    }

    private void HandleExchangeUnbind(ReadOnlySpan<byte> args)
    {
        if (!ExchangeUnbind.TryRead(args, out var unbind))
            throw CannotDecode(MethodId.ExchangeUnbind);
        Wait();
        BindingRules.Unbind(Connection.Requester, unbind, () => Answered(() =>
        {
            if (!unbind.NoWait)
                Reply(new ExchangeUnbindOk());
        }));
    }
}
