namespace Levada.Amqp;

/// <summary>What a channel has been switched to; there is no way back (rule I8).</summary>
internal enum ChannelMode
{
    Plain,
    Confirm,
    Transaction,
}
