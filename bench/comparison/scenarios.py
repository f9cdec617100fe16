"""The scenarios, and one measurement of one of them on one broker."""
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field

from process import CountedCalls, cpu_seconds, resident_bytes, wakeups, wakeups_between

WARM_UP_SECONDS = 4
COUNTED_SECONDS = 2
MESSAGES_MAX = 10_000_000


@dataclass(frozen=True)
class Scenario:
    name: str
    arguments: list = field(default_factory=list)
    publishers: int = 1
    consumers: int = 1
    must_us: float = 0
    aim_us: float = 0


SCENARIOS = [
    Scenario("publish and deliver, auto-ack, transient", must_us=0.5, aim_us=0.25),
    Scenario("confirms (100 in flight), prefetch 100, each acked", ["-c", "100", "-P", "100", "-a", "1"],
             must_us=2.5, aim_us=1.0),
    Scenario("1 kB persistent, confirms (100), prefetch 100, each acked",
             ["-s", "1024", "-p", "-c", "100", "-P", "100", "-a", "1"], must_us=6, aim_us=3),
    Scenario("publish only, into a durable queue", consumers=0, must_us=0.5, aim_us=0.3),
    Scenario("consume only, from a filled queue, auto-ack", publishers=0, must_us=0.3, aim_us=0.15),
]


def measure(broker, scenario, client, seconds, count_calls):
    """CPU of the broker per message, rate, wake-ups; sends and syncs from a short run under strace.

    As many messages are consumed as are published, so that a broker whose consumers lag pays for its backlog too.
    """
    client.drain()
    rate = client.warm_up(scenario)
    messages = client.prepare(scenario, min(MESSAGES_MAX, int(rate * seconds)), broker.pid)
    switches, cpu = wakeups(broker.pid), cpu_seconds(broker.pid)
    result = client.run(scenario, messages)
    settle(broker.pid)
    cpu = cpu_seconds(broker.pid) - cpu
    switches = wakeups_between(switches, wakeups(broker.pid))
    figures = {
        "messages": messages,
        "cpu_us": cpu / messages * 1e6,
        "rate": messages / result["elapsed_seconds"],
        "wakeups": switches / messages,
        "client_cpu_us": result["client_cpu_seconds"] / messages * 1e6,
        "resident_bytes": resident_bytes(broker.pid),
    }
    if count_calls:
        messages = client.prepare(scenario, min(MESSAGES_MAX, int(rate * COUNTED_SECONDS)), broker.pid)
        with CountedCalls(broker.pid) as calls:
            client.run(scenario, messages)
        figures["sends"] = calls.sends / messages
        figures["syncs"] = calls.syncs / messages
    client.drain()
    return figures


def measure_backlog(broker, perf, persistent):
    """Memory that ten million ready messages of 16 bytes add; if they persist, the start after a SIGKILL."""
    client = Client(perf, broker.port, queue=f"backlog-{persistent}")
    settle(broker.pid)
    before = resident_bytes(broker.pid)
    client.fill(MESSAGES_MAX, ["-p"] if persistent else [])
    settle(broker.pid)
    figures = {"added_bytes": resident_bytes(broker.pid) - before}
    if persistent:
        figures["restart_seconds"] = broker.restart()
    client.drain()
    return figures


class Client:
    """`levada perf` on one queue of one broker."""

    def __init__(self, perf, port, queue="compare", arguments=()):
        self.command = [perf, "perf", "throughput", "-j", "-q", "-u", queue,
                        "--uri", f"amqp://guest:guest@127.0.0.1:{port}", *arguments]

    def warm_up(self, scenario):
        """Runs the scenario for a while; returns messages a second."""
        if scenario.publishers == 0:
            self._perf("-x", "1", "-y", "0", "-z", str(WARM_UP_SECONDS / 2))
        result = self._perf("-x", str(scenario.publishers), "-y", str(scenario.consumers),
                            "-z", str(WARM_UP_SECONDS), *scenario.arguments)
        return result["consumed" if scenario.consumers else "published"] / result["elapsed_seconds"]

    def prepare(self, scenario, messages, pid):
        """An empty queue; if nobody will publish, one with that many messages. Returns how many there will be."""
        messages = max(1000, messages)
        self.drain()
        if scenario.publishers == 0:
            self.fill(messages, [])
        settle(pid)
        return messages

    def run(self, scenario, messages):
        ends = []
        if scenario.publishers:
            ends += ["-C", str(messages)]
        if scenario.consumers:
            ends += ["-D", str(messages)]
        return self._perf(
            "-x", str(scenario.publishers), "-y", str(scenario.consumers), *ends, *scenario.arguments)

    def fill(self, messages, arguments):
        self._perf("-x", "1", "-y", "0", "-C", str(messages), *arguments)

    def drain(self):
        """Consumes until nothing comes any more."""
        while self._perf("-x", "0", "-y", "1", "-z", "1")["consumed"] > 0:
            pass

    def _perf(self, *more):
        done = subprocess.run([*self.command, *more], capture_output=True, text=True, timeout=900)
        if done.returncode != 0:
            print(done.stderr, file=sys.stderr)
            raise SystemExit(f"failed: {' '.join(done.args)}")
        return json.loads(done.stdout)


def settle(pid):
    """Waits until the broker has done what it still had to do: its CPU time stands still for half a second."""
    last = -1.0
    for _ in range(240):
        now = cpu_seconds(pid)
        if now - last < 0.03:
            return
        last = now
        time.sleep(0.5)
