namespace Levada.Cli.Control;

/// <summary>Everything that can be listed. Names, columns, defaults and first lines are rabbitmqctl's.</summary>
internal static class Listings
{
    public static IReadOnlyList<Listing> All { get; } =
    [
        new("list_connections", "Connections.", "Listing connections ...", "connections", ListingAbout.Nothing,
            Column.Of(
                "user peer_host peer_port state pid=name name port host ssl ssl_protocol ssl_key_exchange ssl_cipher "
                + "ssl_hash peer_cert_subject peer_cert_issuer peer_cert_serial_number peer_cert_validity channels "
                + "protocol auth_mechanism vhost timeout frame_max channel_max client_properties recv_oct recv_cnt "
                + "send_oct send_cnt send_pend connected_at user_provided_name consumer_count messages_unacknowledged "
                + "messages_unconfirmed round_trip_ms heartbeats_missed held_bytes=held_bytes/total"),
            4),
        new("list_channels", "Channels.", "Listing channels ...", "channels", ListingAbout.Nothing,
            Column.Of(
                "pid=name user consumer_count messages_unacknowledged connection=connection_details/name name number "
                + "vhost transactional confirm messages_uncommitted acks_uncommitted messages_unconfirmed "
                + "prefetch_count global_prefetch_count state idle_ms open_ms held_bytes=held_bytes/total"),
            4),
        new("list_consumers", "Consumers of a vhost.", "Listing consumers in vhost {0} ...", "consumers/{0}",
            ListingAbout.VHost,
            Column.Of(
                "queue_name=queue/name channel_pid=channel_details/name consumer_tag ack_required prefetch_count "
                + "active arguments activity_status exclusive priority"),
            7)
        {
            Order = ["queue_name", "channel_pid", "consumer_tag", "ack_required", "prefetch_count", "active",
                "activity_status", "arguments", "exclusive", "priority"],
        },
        new("list_queues", "Queues of a vhost.", "Listing queues for vhost {0} ...", "queues/{0}", ListingAbout.VHost,
            Column.Of(
                "name messages durable auto_delete arguments policy exclusive messages_ready messages_unacknowledged "
                + "consumers message_bytes message_bytes_ready message_bytes_unacknowledged state type "
                + "single_active_consumer_tag operator_policy effective_policy_definition pid=name "
                + "owner_pid=owner_pid_details/name exclusive_consumer_tag consumer_utilisation consumer_capacity "
                + "memory messages_ram messages_ready_ram messages_unacknowledged_ram messages_persistent "
                + "message_bytes_ram message_bytes_persistent head_message_timestamp leader=node"),
            2) { TellsTimeout = true, Switches = ["--online", "--offline", "--local"] },
        new("list_exchanges", "Exchanges of a vhost.", "Listing exchanges for vhost {0} ...", "exchanges/{0}",
            ListingAbout.VHost, Column.Of("name type durable auto_delete internal arguments policy"), 2),
        new("list_bindings", "Bindings of a vhost.", "Listing bindings for vhost {0}...", "bindings/{0}",
            ListingAbout.VHost,
            Column.Of(
                "source_name=source source_kind=\"exchange\" destination_name=destination "
                + "destination_kind=destination_type routing_key arguments"),
            6),
        new("list_users", "Users and their tags.", "Listing users ...", "users", ListingAbout.Nothing,
            Column.Of("user=name tags"), 2),
        new("list_vhosts", "Virtual hosts.", "Listing vhosts ...", "vhosts", ListingAbout.Nothing,
            Column.Of("name tracing description tags default_queue_type metadata protected_from_deletion"), 1),
        new("list_permissions", "Permissions in a vhost.", "Listing permissions for vhost \"{0}\" ...",
            "vhosts/{0}/permissions", ListingAbout.VHost, Column.Of("user configure write read"), 4),
        new("list_user_permissions", "Permissions of a user.", "Listing permissions for user \"{0}\" ...",
            "users/{0}/permissions", ListingAbout.User, Column.Of("vhost configure write read"), 4),
        new("list_topic_permissions", "Topic permissions in a vhost.",
            "Listing topic permissions for vhost \"{0}\" ...", "vhosts/{0}/topic-permissions", ListingAbout.VHost,
            Column.Of("user exchange write read"), 4),
        new("list_user_topic_permissions", "Topic permissions of a user.",
            "Listing topic permissions for user \"{0}\" ...", "users/{0}/topic-permissions", ListingAbout.User,
            Column.Of("vhost exchange write read"), 4),
        new("list_policies", "Policies of a vhost.", "Listing policies for vhost \"{0}\" ...", "policies/{0}",
            ListingAbout.VHost, Column.Of("vhost name pattern apply-to definition priority"), 6),
        new("list_operator_policies", "Operator policies of a vhost.",
            "Listing operator policy overrides for vhost \"{0}\" ...", "operator-policies/{0}", ListingAbout.VHost,
            Column.Of("vhost name pattern apply-to definition priority"), 6),
        new("list_parameters", "Parameters of a vhost.", "Listing runtime parameters for vhost \"{0}\" ...",
            "parameters", ListingAbout.VHost, Column.Of("component name value"), 3),
        new("list_global_parameters", "Global parameters.", "Listing global runtime parameters ...",
            "global-parameters", ListingAbout.Nothing, Column.Of("name value"), 2),
        new("list_vhost_limits", "Limits of a vhost.", "Listing limits for vhost \"{0}\" ...", "vhost-limits/{0}",
            ListingAbout.VHost, Column.Of("vhost limits=value"), 2) { IsBare = true, Switches = ["--global"] },
        new("list_user_limits", "Limits of users.", "Listing limits for all users ...", "user-limits",
            ListingAbout.Nothing, Column.Of("user limits=value"), 2)
        {
            ShowOfUserAsync = LimitActions.ShowOfUserAsync, Switches = ["--global"],
        },
        new("list_warnings", "Leaks and churn that the broker has found.", "Listing warnings ...", "warnings",
            ListingAbout.Nothing,
            Column.Of("name connection channel user what advice vhost product user_provided_name since"), 6),
    ];
}
