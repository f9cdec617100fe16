namespace Levada.Tests.Simulation;

/// <summary>What holds under every seed; a failure names the one that did not.</summary>
internal enum Invariant
{
    /// <summary>Type, size and end octet of each frame are right, content is whole and is what was published.</summary>
    S1_frames_are_well_formed,

    /// <summary>
    /// Nothing comes on a number between close (or close-ok) and the next open-ok, nor after connection.close.
    /// </summary>
    S2_nothing_follows_a_close,

    /// <summary>Delivery tags of a channel rise by one, in the order of the bytes.</summary>
    S3_tags_rise_by_one,

    /// <summary>Every publish on a confirm channel that lives long enough is resolved once, in order.</summary>
    S4_each_publish_is_resolved_once,

    /// <summary>
    /// What finds no queue and is mandatory comes back before its confirm, commit-ok or the next reply.
    /// </summary>
    S5_a_return_precedes_its_confirm,

    /// <summary>Deliveries to a consumer stand between consume-ok and cancel-ok (or the server's cancel).</summary>
    S6_deliveries_stand_between_consume_and_cancel,

    /// <summary>No consumer and no channel holds more than its prefetch.</summary>
    S7_nobody_holds_more_than_its_prefetch,

    /// <summary>
    /// First deliveries from one publisher through one queue to one channel keep the publisher's order.
    /// </summary>
    S8_order_of_a_publisher_is_kept,

    /// <summary>At most one delivery of a message from a queue comes without the redelivered flag.</summary>
    S9_once_without_redelivered,

    /// <summary>A settled message never comes back.</summary>
    S10_settled_never_comes_back,

    /// <summary>
    /// What was taken for a queue that is never purged or deleted is delivered, or still there at the end.
    /// </summary>
    S11_nothing_is_lost,

    /// <summary>After the last connection: no consumers, no unacked messages, no exclusive queues, no counts.</summary>
    S12_nothing_is_left_behind,

    /// <summary>Each request gets exactly one reply, in order per channel.</summary>
    S13_one_reply_in_order,

    /// <summary>When nothing can move any more nobody waits: no reply, confirm or delivery is owed.</summary>
    S14_nothing_waits_for_ever,

    /// <summary>What was rolled back, never committed or returned is never delivered.</summary>
    S15_what_was_not_taken_is_not_delivered,

    /// <summary>A channel or connection is closed only for a mistake in what it sent, with a code that fits.</summary>
    S16_errors_have_a_cause,

    /// <summary>No exception comes out of the broker, no internal error out of a connection.</summary>
    S17_nothing_breaks,

    /// <summary>Between flow-ok(false) and flow(true) nothing is delivered to the channel's consumers.</summary>
    S18_flow_stops_deliveries,
}
