namespace Levada.Events;

/// <summary>Who published or got a message, as the firehose names it.</summary>
internal readonly record struct FirehoseClient(
    string Node, string VHost, string Connection, ushort Channel, string User);
