namespace Levada.Configuration;

// Keys: the node as a whole, and what it makes where nothing is said.
public static partial class ConfigurationKeys
{
    private static ConfigurationKey[] Node() =>
    [
        Key("folder that holds everything the broker must remember",
            o => o.DataDir, (o, v) => o.DataDir = v, ConfigurationValue.Text, "data_dir", "main.data_dir"),
        Live("name of the cluster that clients are told, unless it was set while the broker ran; else the node's",
            o => o.ClusterName, (o, v) => o.ClusterName = v, ConfigurationValue.Text, "cluster_name"),
        Key("file with the process id while the broker runs",
            o => o.PidFile, (o, v) => o.PidFile = v, ConfigurationValue.OptionalFile, "pidfile", "main.pidfile"),
        Key("publishes what happens in the broker to the exchange amq.rabbitmq.event",
            o => o.EventExchange, (o, v) => o.EventExchange = v, ConfigurationValue.Boolean, "event_exchange"),
        Key("virtual host of that exchange",
            o => o.EventExchangeVHost, (o, v) => o.EventExchangeVHost = v, ConfigurationValue.Text,
            "event_exchange.vhost"),
        Key("bytes of messages of the broker's own (firehose, events, log) under way to their queues; more is dropped",
            o => o.InternalPublishMax, (o, v) => o.InternalPublishMax = v, Bytes(0, 1L << 40), "internal_publish_max"),
        Live("what durable queues are that do not say it by x-queue-type: classic, quorum",
            o => o.DefaultQueueType, (o, v) => o.DefaultQueueType = v, ConfigurationValue.QueueType,
            "default_queue_type"),
        Live("how x-consistent-hash exchanges without x-algorithm share keys out: ring, jump",
            o => o.DefaultHashAlgorithm, (o, v) => o.DefaultHashAlgorithm = v, ConfigurationValue.Algorithm,
            "default_consistent_hash_algorithm", "main.default_consistent_hash_algorithm"),
        Key("gives each message the header timestamp_in_ms and the property timestamp; true: also over the publisher's",
            o => o.SetHeaderTimestamp, (o, v) => o.SetHeaderTimestamp = v, s => ConfigurationValue.Boolean(s),
            "message_interceptors.incoming.set_header_timestamp.overwrite"),
        Key("gives each message the header x-routed-by, the node's name; true: also over the publisher's",
            o => o.SetHeaderRoutingNode, (o, v) => o.SetHeaderRoutingNode = v, s => ConfigurationValue.Boolean(s),
            "message_interceptors.incoming.set_header_routing_node.overwrite"),
        Key("gives each message without the property timestamp that property",
            o => o.SetTimestamp, (o, v) => o.SetTimestamp = v, ConfigurationValue.Boolean, "set_timestamp",
            "main.set_timestamp"),
    ];
}
