"""pika against the broker: `python3 scenarios.py amqp://... SCENARIO`. Prints "passed" as its last line; any failure
is a traceback and exit code 1. `reconnect` says "ready", then "lost" when its connection went, and reads a line when
the broker is back."""

import os
import sys
import uuid

import pika
from pika.exceptions import (
    AMQPConnectionError,
    ChannelClosedByBroker,
    ConnectionClosedByBroker,
    NackError,
    UnroutableError,
)

PERSISTENT = pika.BasicProperties(delivery_mode=2, content_type="text/plain")


def connect(uri):
    parameters = pika.URLParameters(uri)
    parameters.socket_timeout = 10
    parameters.blocked_connection_timeout = 30
    parameters.client_properties = {"connection_name": "pika " + str(os.getpid())}
    return pika.BlockingConnection(parameters)


def fresh(kind):
    return "pika-" + kind + "-" + uuid.uuid4().hex


def closes_with(code, text, action):
    """The action must make the broker close the channel with this code and a text that contains this one."""
    try:
        action()
    except ChannelClosedByBroker as closed:
        assert closed.reply_code == code, (closed.reply_code, closed.reply_text)
        assert text in closed.reply_text, closed.reply_text
        return
    raise AssertionError("expected the channel to be closed with %d %s" % (code, text))


def publish_and_consume(uri):
    connection = connect(uri)
    channel = connection.channel()
    exchange, queue = fresh("exchange"), fresh("queue")
    channel.exchange_declare(exchange, exchange_type="topic", durable=True)
    channel.queue_declare(queue, durable=True)
    channel.queue_bind(queue, exchange, routing_key="order.*.created")
    channel.confirm_delivery()
    for number in range(200):
        channel.basic_publish(exchange, "order.%d.created" % number, str(number).encode(), PERSISTENT, mandatory=True)

    assert channel.queue_declare(queue, passive=True).method.message_count == 200
    channel.basic_qos(prefetch_count=17)
    expected = 0
    for method, properties, body in channel.consume(queue, inactivity_timeout=20):
        assert method is not None, "nothing came for 20 seconds, %d messages so far" % expected
        assert body == str(expected).encode() and method.routing_key == "order.%d.created" % expected
        assert properties.delivery_mode == 2 and properties.content_type == "text/plain"
        assert not method.redelivered
        channel.basic_ack(method.delivery_tag)
        expected += 1
        if expected == 200:
            break
    assert channel.cancel() == 0
    assert channel.queue_declare(queue, passive=True).method.message_count == 0
    channel.queue_delete(queue)
    channel.exchange_delete(exchange)
    connection.close()


def returns_what_nobody_takes(uri):
    connection = connect(uri)
    channel = connection.channel()
    channel.confirm_delivery()
    try:
        channel.basic_publish("", fresh("nowhere"), b"lost", mandatory=True)
    except UnroutableError as error:
        (returned,) = error.messages
        assert returned.method.reply_code == 312 and returned.method.reply_text == "NO_ROUTE"
        assert returned.body == b"lost"
    else:
        raise AssertionError("a mandatory message that nobody takes must come back")
    connection.close()


def headers_come_back_as_they_were(uri):
    connection = connect(uri)
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    headers = {
        "text": "grüße", "number": 7, "large": 1 << 40, "negative": -5, "yes": True, "nothing": None,
        "list": [1, "two", {"three": 3}], "table": {"deep": {"deeper": "x"}},
    }
    sent = pika.BasicProperties(
        content_type="application/json", content_encoding="utf-8", headers=headers, delivery_mode=1, priority=3,
        correlation_id="c", reply_to="r", expiration="60000", message_id="m", timestamp=1700000000, type="t",
        user_id=pika.URLParameters(uri).credentials.username, app_id="a", cluster_id="k")
    channel.basic_publish("", queue, b"x" * 300000, sent)
    _, received, body = channel.basic_get(queue, auto_ack=True)
    assert received == sent, (received, sent)
    assert body == b"x" * 300000
    connection.close()


def errors_close_one_channel(uri):
    connection = connect(uri)
    bystander = connection.channel()
    queue = fresh("queue")
    bystander.queue_declare(queue, durable=False)

    missing = fresh("missing")
    closes_with(404, "NOT_FOUND - no queue '%s' in vhost '/'" % missing,
                lambda: connection.channel().queue_declare(missing, passive=True))
    closes_with(404, "NOT_FOUND - no exchange '%s' in vhost '/'" % missing,
                lambda: connection.channel().queue_bind(queue, missing, "k"))
    closes_with(406, "inequivalent arg 'durable' for queue '%s' in vhost '/': received 'true' but current is 'false'"
                % queue, lambda: connection.channel().queue_declare(queue, durable=True))
    closes_with(403, "queue name 'amq.mine' contains reserved prefix 'amq.*'",
                lambda: connection.channel().queue_declare("amq.mine"))

    def acknowledge_twice():
        channel = connection.channel()
        channel.basic_publish("", queue, b"once")
        method, _, _ = channel.basic_get(queue)
        channel.basic_ack(method.delivery_tag)
        channel.basic_ack(method.delivery_tag)
        channel.queue_declare(queue, passive=True)
    closes_with(406, "unknown delivery tag 1", acknowledge_twice)

    other = connect(uri)
    private = other.channel().queue_declare("", exclusive=True).method.queue
    closes_with(405, "cannot obtain exclusive access to locked queue '%s' in vhost '/'" % private,
                lambda: connection.channel().queue_declare(private, passive=True))
    other.close()

    assert bystander.is_open and bystander.queue_declare(queue, passive=True).method.queue == queue
    bystander.queue_delete(queue)
    connection.close()


def requeued_messages_keep_their_place(uri):
    connection = connect(uri)
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    for body in (b"0", b"1", b"2"):
        channel.basic_publish("", queue, body)
    first, _, _ = channel.basic_get(queue)
    second, _, _ = channel.basic_get(queue)
    channel.basic_nack(second.delivery_tag, requeue=True)
    channel.basic_reject(first.delivery_tag, requeue=True)
    seen = []
    for _ in range(3):
        method, _, body = channel.basic_get(queue, auto_ack=True)
        seen.append((body, method.redelivered))
    assert seen == [(b"0", True), (b"1", True), (b"2", False)], seen
    assert channel.basic_get(queue) == (None, None, None)

    channel.basic_publish("", queue, b"again")
    channel.basic_get(queue)
    channel.basic_recover(requeue=True)
    method, _, body = channel.basic_get(queue)
    assert body == b"again" and method.redelivered
    connection.close()


def transactions(uri):
    connection = connect(uri)
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.tx_select()
    channel.basic_publish("", queue, b"rolled back")
    channel.tx_rollback()
    channel.basic_publish("", queue, b"committed")
    assert channel.basic_get(queue) == (None, None, None)
    channel.tx_commit()
    method, _, body = channel.basic_get(queue)
    assert body == b"committed"
    channel.basic_ack(method.delivery_tag)
    channel.tx_commit()
    assert channel.queue_declare(queue, passive=True).method.message_count == 0
    connection.close()


def a_deleted_queue_cancels_its_consumer(uri):
    connection = connect(uri)
    channel = connection.channel()
    queue = fresh("queue")
    channel.queue_declare(queue)
    cancelled = []
    channel.add_on_cancel_callback(lambda frame: cancelled.append(frame.method.consumer_tag))
    tag = channel.basic_consume(queue, lambda *_: None)
    connection.channel().queue_delete(queue)
    for _ in range(200):
        if cancelled:
            break
        connection.process_data_events(time_limit=0.1)
    assert cancelled == [tag], cancelled
    connection.close()


def direct_reply_to(uri):
    connection = connect(uri)
    client, server = connection.channel(), connection.channel()
    requests = server.queue_declare("", exclusive=True).method.queue
    replies = []
    client.basic_consume("amq.rabbitmq.reply-to", lambda _c, _m, p, b: replies.append((p.correlation_id, b)),
                         auto_ack=True)
    client.basic_publish("", requests, b"question", pika.BasicProperties(
        reply_to="amq.rabbitmq.reply-to", correlation_id="42"))
    _, properties, body = server.basic_get(requests, auto_ack=True)
    assert body == b"question" and properties.reply_to.startswith("amq.rabbitmq.reply-to.")
    server.basic_publish("", properties.reply_to, b"answer", pika.BasicProperties(
        correlation_id=properties.correlation_id))
    for _ in range(200):
        if replies:
            break
        connection.process_data_events(time_limit=0.1)
    assert replies == [("42", b"answer")], replies
    connection.close()


def refused_login(uri):
    parameters = pika.URLParameters(uri)
    parameters.credentials = pika.PlainCredentials("guest", "wrong")
    try:
        pika.BlockingConnection(parameters)
    except AMQPConnectionError as error:
        reason = repr(error) + repr(error.args)
        assert "ACCESS_REFUSED" in reason or "403" in reason, reason
        return
    raise AssertionError("a wrong password must be refused")


def reconnect(uri):
    connection = connect(uri)
    channel = connection.channel()
    queue = fresh("queue")
    channel.queue_declare(queue, durable=True)
    channel.confirm_delivery()
    for number in range(50):
        channel.basic_publish("", queue, str(number).encode(), PERSISTENT)
    channel.basic_qos(prefetch_count=5)
    held = []
    channel.basic_consume(queue, lambda _c, method, _p, body: held.append(body))
    while len(held) < 5:
        connection.process_data_events(time_limit=1)
    say("ready")
    try:
        while True:
            connection.process_data_events(time_limit=1)
    except (ConnectionClosedByBroker, AMQPConnectionError) as closed:
        say("lost " + repr(closed))
    sys.stdin.readline()

    connection = connect(uri)
    channel = connection.channel()
    for number in range(50):
        method, _, body = channel.basic_get(queue)
        assert method is not None, "message %d is gone" % number
        assert body == str(number).encode(), (body, number)
        assert method.redelivered or number >= 5, number
        channel.basic_ack(method.delivery_tag)
    channel.confirm_delivery()
    try:
        channel.basic_publish("", queue, b"afterwards", PERSISTENT, mandatory=True)
    except NackError as error:
        raise AssertionError("the broker refused a message after its restart") from error
    assert channel.basic_get(queue, auto_ack=True)[2] == b"afterwards"
    channel.queue_delete(queue)
    connection.close()


def say(line):
    print(line, flush=True)


if __name__ == "__main__":
    globals()[sys.argv[2]](sys.argv[1])
    say("passed")
