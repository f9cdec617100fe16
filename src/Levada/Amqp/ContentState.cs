namespace Levada.Amqp;

/// <summary>Which frame of a publish a channel expects next (spec 2.3.5.2).</summary>
internal enum ContentState : byte
{
    None,
    Header,
    Body,
}
