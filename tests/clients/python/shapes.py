"""Prints what the answers of a broker's HTTP API are made of: the names of fields and their JSON types, no values.

    shapes.py AMQP_PORT HTTP_PORT SECONDS

Makes something of each kind first, and waits so many seconds for a broker that gathers its figures from time to time.
"""
import base64
import json
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import pika

AMQP_PORT, HTTP_PORT, SECONDS = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
AGES = ("lengths_age=60&lengths_incr=5&msg_rates_age=60&msg_rates_incr=5"
        "&data_rates_age=60&data_rates_incr=5&node_stats_age=60&node_stats_incr=5")

MADE = [
    ("policies/%2F/p1", {"pattern": "^q", "definition": {"max-length": 50}, "apply-to": "queues", "priority": 1}),
    ("operator-policies/%2F/p2", {"pattern": "^q", "definition": {"max-length": 60}, "apply-to": "queues"}),
    ("users/u1", {"password": "u1", "tags": "management"}),
    ("permissions/%2F/u1", {"configure": "^x", "write": ".*", "read": ".*"}),
    ("topic-permissions/%2F/u1", {"exchange": "x1", "write": ".*", "read": ".*"}),
    ("vhosts/v1", {"description": "d", "tags": "a,b"}),
    ("vhost-limits/v1/max-queues", {"value": 5}),
    ("user-limits/u1/max-channels", {"value": 5}),
    ("global-parameters/g1", {"value": {"a": 1}}),
    ("cluster-name", {"name": "some name"}),
]

ASKED = f"""
overview overview?{AGES} overview?columns=node,object_totals.queues nodes nodes/NODE nodes/NODE?{AGES}
nodes/NODE/memory extensions cluster-name whoami auth aliveness-test/%2F definitions definitions/%2F
connections connections?page=1 connections/CONNECTION connections/CONNECTION?{AGES} connections/CONNECTION/channels
connections/username/guest vhosts/%2F/connections connections?disable_stats=true
channels channels?page=1 channels/CHANNEL channels/CHANNEL?{AGES} vhosts/%2F/channels consumers consumers/%2F
exchanges exchanges?page=1 exchanges/%2F exchanges/%2F/x1 exchanges/%2F/x1?{AGES} exchanges/%2F/x1/bindings/source
exchanges/%2F/x2/bindings/destination queues queues?page=1 queues/%2F queues/%2F/q1 queues/%2F/q2
queues/%2F/q1?{AGES} queues/%2F/q1/bindings queues?disable_stats=true&enable_queue_totals=true
queues?columns=name,message_stats.publish bindings bindings/%2F bindings/%2F/e/x1/q/q1 bindings/%2F/e/x1/q/q1/a.%2A
bindings/%2F/e/x1/e/x2 bindings/%2F/e/x1/e/x2/k vhosts vhosts?page=1 vhosts/%2F vhosts/%2F?{AGES} vhosts/v1
vhosts/%2F/permissions vhosts/%2F/topic-permissions users users/u1 users/u1/permissions users/u1/topic-permissions
users/without-permissions permissions permissions/%2F/u1 topic-permissions topic-permissions/%2F/u1 parameters
global-parameters global-parameters/g1 policies policies/%2F policies/%2F/p1 operator-policies operator-policies/%2F
operator-policies/%2F/p2 vhost-limits vhost-limits/v1 user-limits user-limits/u1 feature-flags auth/attempts/NODE
auth/attempts/NODE/source health/checks/alarms health/checks/local-alarms health/checks/certificate-expiration/1/days
health/checks/port-listener/1 health/checks/protocol-listener/amqp091 health/checks/protocol-listener/nonsense
health/checks/virtual-hosts health/checks/node-is-quorum-critical health/checks/node-is-mirror-sync-critical
healthchecks/node queues?page=0 queues?page=9 queues/%2F/none queues/none exchanges/%2F/none users/none vhosts/none
channels/none connections/none policies/%2F/none none queues?page=1&page_size=501
overview?lengths_age=9999999&lengths_incr=1
""".split()

SENT = [
    ("POST", "exchanges/%2F/x1/publish",
     {"properties": {}, "routing_key": "a.b", "payload": "x", "payload_encoding": "string"}),
    ("POST", "exchanges/%2F/x1/publish", {"properties": {}, "payload": "x", "payload_encoding": "string"}),
    ("POST", "exchanges/%2F/none/publish",
     {"properties": {}, "routing_key": "a.b", "payload": "x", "payload_encoding": "string"}),
    ("POST", "queues/%2F/q1/get", {"count": 2, "ackmode": "ack_requeue_true", "encoding": "auto"}),
    ("POST", "queues/%2F/q1/get", {"count": 2, "encoding": "auto"}),
    ("POST", "queues/%2F/none/get", {"count": 2, "ackmode": "ack_requeue_true", "encoding": "auto"}),
    ("POST", "queues/%2F/q1/actions", {"action": "sync"}),
    ("POST", "queues/%2F/q1/actions", {"action": "x"}),
    ("POST", "rebalance/queues", {}),
    ("PUT", "cluster-name", {}),
    ("DELETE", "reset", None), ("DELETE", "reset/NODE", None), ("DELETE", "reset/none", None),
    ("POST", "vhosts/v1/start/NODE", None), ("POST", "vhosts/v1/start/none", None),
    ("DELETE", "auth/attempts/NODE", None),
    ("DELETE", "overview", None), ("PUT", "overview", None), ("PATCH", "queues/%2F/q1", None),
    ("OPTIONS", "queues/%2F/q1", None), ("HEAD", "overview", None),
    ("DELETE", "exchanges/%2F/none", None), ("DELETE", "queues/%2F/none", None), ("DELETE", "users/none", None),
    ("DELETE", "vhosts/none", None), ("DELETE", "permissions/%2F/none", None), ("DELETE", "policies/%2F/none", None),
    ("PUT", "queues/%2F/q1", {}), ("PUT", "queues/%2F/q9", {"durable": "maybe"}), ("PUT", "queues/none/q9", {}),
    ("PUT", "exchanges/%2F/x9", {}), ("PUT", "exchanges/%2F/x9", {"type": "nonsense"}),
    ("PUT", "exchanges/%2F/amq.x", {"type": "direct"}), ("PUT", "exchanges/%2F/x1", {"type": "fanout"}),
    ("POST", "bindings/%2F/e/x1/q/none", {"routing_key": "x"}), ("POST", "bindings/%2F/e/x1/q/q1", {}),
    ("DELETE", "bindings/%2F/e/x1/q/q1/none", None),
    ("PUT", "users/u9", {"password": "x"}), ("PUT", "users/u9", {"password": "x", "tags": ""}),
    ("PUT", "permissions/%2F/u1", {"configure": ".*"}),
    ("PUT", "permissions/%2F/none", {"configure": "", "write": "", "read": ""}),
    ("PUT", "policies/%2F/p9", {}), ("PUT", "policies/%2F/p9", {"pattern": ".*", "definition": {"nonsense": 1}}),
    ("PUT", "parameters/nonsense/%2F/x", {"value": 1}), ("PUT", "global-parameters/x", {}),
    ("PUT", "vhost-limits/v1/nonsense", {"value": 1}), ("PUT", "vhost-limits/none/max-queues", {"value": 1}),
    ("POST", "users/bulk-delete", {}), ("PUT", "vhosts/v2", None), ("PUT", "vhosts/v2", None),
    ("DELETE", "queues/%2F/q1?if-empty=true", None), ("DELETE", "queues/%2F/q1?if-unused=true", None),
    ("DELETE", "exchanges/%2F/amq.direct", None), ("DELETE", "connections/none", None),
]


def ask(method, path, body=None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{HTTP_PORT}/api/{path}", method=method,
        data=None if body is None else json.dumps(body).encode())
    request.add_header("Authorization", "Basic " + base64.b64encode(b"guest:guest").decode())
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


def shape(value):
    if isinstance(value, dict):
        return {key: shape(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        merged = None
        for item in value:
            merged = merge(merged, shape(item))
        return [] if merged is None else [merged]
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    return "string" if isinstance(value, str) else "number"


def merge(a, b):
    """What is sometimes the one and sometimes the other; a field that only some have counts."""
    if a is None or a == b or b == "null":
        return b if a is None else a
    if a == "null":
        return b
    if isinstance(a, dict) and isinstance(b, dict):
        return {key: merge(a.get(key), b[key]) if key in b else a[key] for key in sorted({*a, *b})}
    if isinstance(a, list) and isinstance(b, list):
        return a or b if not a or not b else [merge(a[0], b[0])]
    return "any"


def main():
    connection = pika.BlockingConnection(pika.URLParameters(f"amqp://guest:guest@127.0.0.1:{AMQP_PORT}/%2f"))
    publisher, consumer, transaction = connection.channel(), connection.channel(), connection.channel()
    publisher.confirm_delivery()
    publisher.queue_declare("q1", durable=True, arguments={"x-max-length": 100})
    publisher.queue_declare("q2", exclusive=True)
    publisher.exchange_declare("x1", "topic")
    publisher.exchange_declare("x2", "fanout")
    publisher.queue_bind("q1", "x1", "a.*")
    publisher.queue_bind("q1", "x1", "h", arguments={"a": 1})
    publisher.exchange_bind("x2", "x1", "k")
    consumer.basic_qos(prefetch_count=5)
    consumer.basic_consume("q1", lambda *_: None)
    transaction.tx_select()
    for _ in range(20):
        publisher.basic_publish("x1", "a.b", b"x", pika.BasicProperties(headers={"z": 1}, message_id="m"))
    publisher.basic_publish("", "q2", b"x")
    publisher.basic_get("q2", auto_ack=True)
    for path, body in MADE:
        status, answer, _ = ask("PUT", path, body)
        assert status in (201, 204), f"{path}: {status} {answer}"
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        connection.process_data_events(0.2)
        publisher.basic_publish("x1", "a.b", b"x")

    # Heartbeats go on.
    stop = threading.Event()
    keeper = threading.Thread(target=lambda: keep(connection, stop))
    keeper.start()
    try:
        shapes = ask_all()
        lines = [f"{json.dumps(key)}: {json.dumps(shapes[key], sort_keys=True)}" for key in sorted(shapes)]
        print("{\n" + ",\n".join(lines) + "\n}")
    finally:
        stop.set()
        keeper.join()
    connection.close()


def keep(connection, stop):
    while not stop.is_set():
        connection.process_data_events(0.1)


def ask_all():
    node = json.loads(ask("GET", "overview")[1])["node"]
    name = json.loads(ask("GET", "connections")[1])[0]["name"]

    def filled(path):
        return (path.replace("NODE", node).replace("CONNECTION", urllib.parse.quote(name, safe=""))
                .replace("CHANNEL", urllib.parse.quote(f"{name} (1)", safe="")))

    shapes = {}
    for path in ASKED:
        status, body, _ = ask("GET", filled(path))
        text = body.decode().replace(node, "NODE")
        shapes["GET " + path.replace(AGES, "AGES")] = {
            "status": status, "body": shape(json.loads(text)) if text else ""}
    for number, (method, path, body) in enumerate(SENT):
        status, answer, headers = ask(method, filled(path), body)
        entry = {"status": status, "body": shape(json.loads(answer)) if answer else ""}
        if status >= 400 and answer:
            entry["error"] = json.loads(answer)["error"]
        if headers.get("Allow"):
            entry["allow"] = sorted(headers["Allow"].split(", "))
        shapes[f"{method} {path} #{number + 1}"] = entry
    return shapes


if __name__ == "__main__":
    main()
