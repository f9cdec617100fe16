"""What a feature of a queue costs a message, against a queue without any; and how fast expired messages move on."""
import base64
import json
import re
import time
import urllib.request

from process import cpu_seconds
from scenarios import Client, Scenario, measure

FEATURES = {
    "a plain queue": ({}, {}),
    "x-message-ttl": ({"x-message-ttl": 3_600_000}, {}),
    "expiration of each message": ({}, {"expiration": "3600000"}),
    "x-max-length, drop-head": ({"x-max-length": 10_000_000}, {}),
    "x-max-length, reject-publish": ({"x-max-length": 10_000_000, "x-overflow": "reject-publish"}, {}),
    "x-max-priority 10, priority 5": ({"x-max-priority": 10}, {"priority": 5}),
    "all of these": ({"x-message-ttl": 3_600_000, "x-max-length": 10_000_000, "x-max-priority": 10,
                      "x-dead-letter-exchange": "amq.fanout", "x-delivery-limit": 5},
                     {"expiration": "3600000", "priority": 5}),
}
WAYS = {
    "auto-ack": [],
    "confirms, each acked": ["-c", "100", "-P", "100", "-a", "1"],
}
EXPIRED = 1_000_000
TTL_MS = 4000


def measure_features(broker, perf, seconds):
    """CPU of the broker per message in microseconds, by feature and way."""
    figures = {}
    for number, (feature, (queue, properties)) in enumerate(FEATURES.items()):
        arguments = ["--queue-args", json.dumps(queue)]
        if properties:
            arguments += ["--properties", json.dumps(properties)]
        client = Client(perf, broker.port, f"feature-{number}", arguments)
        figures[feature] = {
            way: measure(broker, Scenario(feature, more), client, seconds, False)["cpu_us"]
            for way, more in WAYS.items()}
    return figures


def measure_expired(broker, perf):
    """A million messages expire at once: how many a second arrive where they are dead-lettered, and their CPU."""
    Client(perf, broker.port, "dead").drain()
    dying = Client(perf, broker.port, "dying", ["--queue-args", json.dumps(
        {"x-message-ttl": TTL_MS, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": "dead"})])
    dying.fill(EXPIRED, [])
    filled = dead_lettered(broker)
    cpu = cpu_seconds(broker.pid)
    while dead_lettered(broker) == filled:
        time.sleep(0.001)
    begun = time.monotonic()
    while dead_lettered(broker) < EXPIRED:
        if time.monotonic() - begun > 60:
            raise SystemExit(f"only {dead_lettered(broker)} of {EXPIRED} were dead-lettered in a minute")
        time.sleep(0.005)
    seconds = time.monotonic() - begun
    return {"rate": (EXPIRED - filled) / seconds, "cpu_us": (cpu_seconds(broker.pid) - cpu) / (EXPIRED - filled) * 1e6}


def dead_lettered(broker):
    request = urllib.request.Request(f"http://127.0.0.1:{broker.http_port}/metrics", headers={
        "Authorization": "Basic " + base64.b64encode(b"guest:guest").decode()})
    with urllib.request.urlopen(request, timeout=10) as reply:
        text = reply.read().decode()
    return int(re.search(r"^levada_messages_dead_lettered_total(?:{[^}]*})? (\d+)", text, re.MULTILINE).group(1))
