"""The scenarios, and one measurement of one of them on one broker."""
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field

from process import CountedCalls, cpu_seconds, resident_bytes, wakeups, wakeups_between

WARM_UP_SECONDS = 4
COUNTED_SECONDS = 2
FILL_MAX = 10_000_000


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


def measure(broker, scenario, perf, seconds, count_calls):
    """CPU of the broker per message, rate, wake-ups; sends and syncs from a short run under strace."""
    client = Client(perf, broker.port)
    client.prepare(scenario, WARM_UP_SECONDS, broker.pid)
    client.run(scenario, WARM_UP_SECONDS)
    client.prepare(scenario, seconds, broker.pid)
    switches, cpu = wakeups(broker.pid), cpu_seconds(broker.pid)
    result = client.run(scenario, seconds)
    settle(broker.pid)
    cpu = cpu_seconds(broker.pid) - cpu
    switches = wakeups_between(switches, wakeups(broker.pid))
    messages = messages_of(result, scenario)
    figures = {
        "messages": messages,
        "cpu_us": cpu / messages * 1e6,
        "rate": messages / result["elapsed_seconds"],
        "wakeups": switches / messages,
        "client_cpu_us": result["client_cpu_seconds"] / messages * 1e6,
        "resident_bytes": resident_bytes(broker.pid),
    }
    if count_calls:
        client.prepare(scenario, COUNTED_SECONDS, broker.pid)
        with CountedCalls(broker.pid) as calls:
            counted = messages_of(client.run(scenario, COUNTED_SECONDS), scenario)
        figures["sends"] = calls.sends / counted
        figures["syncs"] = calls.syncs / counted
    client.drain()
    return figures


def messages_of(result, scenario):
    return max(1, result["consumed"] if scenario.consumers else result["published"])


class Client:
    """`levada perf` on one queue of one broker."""

    def __init__(self, perf, port):
        self.command = [perf, "perf", "throughput", "-j", "-q", "-u", "compare",
                        "--uri", f"amqp://guest:guest@127.0.0.1:{port}"]
        self.filled = 0

    def prepare(self, scenario, seconds, pid):
        """An empty queue; if nobody will publish, one filled for as long as it is to be consumed."""
        self.drain()
        if scenario.publishers == 0:
            self.filled = self._perf("-x", "1", "-y", "0", "-C", str(FILL_MAX), "-z", str(seconds))["published"]
        settle(pid)

    def run(self, scenario, seconds):
        end = ["-z", str(seconds)] if scenario.publishers else ["-D", str(self.filled)]
        return self._perf(
            "-x", str(scenario.publishers), "-y", str(scenario.consumers), *end, *scenario.arguments)

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
