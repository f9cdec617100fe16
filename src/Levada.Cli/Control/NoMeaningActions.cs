namespace Levada.Cli.Control;

/// <summary>
/// Commands of RabbitMQ's tools that mean nothing here. What they are for is so anyway, and the script goes on; or it
/// cannot be had, and the script learns of it: in a sentence, with what to do instead.
/// </summary>
internal static class NoMeaningActions
{
    private const string OneNode = "Levada runs as one node, so there is no cluster to change.";
    private const string Erlang = "Levada does not run on Erlang.";
    private const string Service =
        "The broker is the whole process: `levada drain` sends its clients away and `levada revive` lets them come "
        + "again, `levada stop` ends it.";
    private const string System = "That is a question to the system that the broker runs on, not to the broker.";
    private const string Quorum = "A queue lies on this one node, so it has no replicas.";
    private const string Always = "In Levada all of it is always on.";
    private const string Plain = "The configuration has no encrypted values; let only Levada's user read its files.";

    // Exit code 0.
    private static readonly (string Reason, string Names)[] DoneAnyway =
    [
        (Quorum, "rebalance reclaim_quorum_memory force_checkpoint sync_queue cancel_sync_queue "
            + "await_online_quorum_plus_one"),
        (Always, "enable_feature_flag activate_free_disk_space_monitoring reconcile_vhosts restart_vhost "
            + "post_upgrade"),
    ];

    private static readonly (string Reason, string Names)[] Refused =
    [
        (OneNode, "join_cluster forget_cluster_node rename_cluster_node update_cluster_nodes change_cluster_node_type "
            + "discover_peers force_boot force_reset reset force_standalone_khepri_boot migrate_mnesia "
            + "metadata_store_status"),
        (Erlang, "eval eval_file exec remote_shell observer erlang_version erlang_cookie_hash erlang_cookie_sources "
            + "maybe_stuck runtime_thread_stats"),
        (System, "resolver_info command_line_arguments os_env list_network_interfaces"),
        (Service, "stop_app start_app"),
        (Quorum, "add_member delete_member grow grow_to_count shrink transfer_leadership quorum_status add_replica "
            + "delete_replica stream_status coordinator_status restart_stream"),
        (Always, "deactivate_free_disk_space_monitoring list_channel_interceptors "
            + "set_channel_interceptor_priorities"),
        ("Messages are not counted by size; `levada list_queues name messages message_bytes` tells how large they are "
            + "on average.", "message_size_stats"),
        (Plain, "encode decode encrypt_conf_value decrypt_conf_value list_ciphers"),
        ("Which suites of ciphers there are is up to OpenSSL: `openssl ciphers -s`.", "cipher_suites"),
        ("`levada environment` shows which files hold the certificates, and check_certificate_expiration how long they "
            + "last.", "certificates"),
    ];

    public static IReadOnlyList<ControlAction> All { get; } =
    [
        .. Hidden(DoneAnyway, static (i, _, reason) =>
        {
            i.Tell(reason);
            return Task.CompletedTask;
        }),
        .. Hidden(
            Refused, static (_, name, reason) => throw new ControlException(ControlExit.Invalid, $"{name}: {reason}")),
    ];

    private static IEnumerable<ControlAction> Hidden(
        IEnumerable<(string Reason, string Names)> table, Func<ActionInput, string, string, Task> run) =>
        from row in table
        from name in row.Names.Split(' ')
        select new ControlAction(name, row.Reason, ["WORD..."], i => run(i, name, row.Reason)) { IsHidden = true };
}
