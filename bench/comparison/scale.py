"""What many connections and channels cost a broker, with `levada perf` as the client."""
import json
import resource
import subprocess
import time

from process import resident_bytes
from scenarios import settle

IDLE_CONNECTIONS = 20_000
DESCRIPTORS_SPARE = 300
HEARTBEAT_SECONDS = 10
CHANNELS_MAX = 65_535
CONNECTION_CYCLES = 50_000
CHANNEL_CYCLES = 1_000_000


def measure_scale(broker, perf, share):
    """Memory and times with very many connections and channels; `share` of the cycles for a slow broker.

    Each begins with a fresh process: what it once had and gave back would hide what the next one takes.
    """
    figures = {"connections": idle_connections(broker)}
    with broker:
        figures["connection_bytes"] = Run(broker, perf).idle(
            figures["connections"],
            ["-x", str(figures["connections"]), "-c", "0", "--heartbeat", str(HEARTBEAT_SECONDS)])["bytes"]
    with broker:
        idle = Run(broker, perf).idle(CHANNELS_MAX, ["-x", "1", "-c", str(CHANNELS_MAX)])
        figures["channel_bytes"], figures["close_ms"] = idle["bytes"], idle["close_ms"]
    with broker:
        run = Run(broker, perf)
        figures["connection_cycles"] = run.cycles("publish-churn", int(CONNECTION_CYCLES * share))
        figures["channel_cycles"] = run.cycles("channel-churn", int(CHANNEL_CYCLES * share))
    return figures


def idle_connections(broker):
    """As many as one process may have sockets here."""
    possible = min(IDLE_CONNECTIONS, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - DESCRIPTORS_SPARE)
    return int(possible * broker.connections_share)


class Run:
    def __init__(self, broker, perf):
        self.broker = broker
        self.perf = perf
        self.uri = f"amqp://guest:guest@127.0.0.1:{broker.port}"

    def idle(self, count, arguments):
        """Bytes that each of so many takes once the broker has settled, and how long closing them took."""
        self._churn("publish-churn", 500)  # What the first connections load does not count.
        settle(self.broker.pid)
        before = resident_bytes(self.broker.pid)
        with subprocess.Popen(
                [self.perf, "perf", "connection-count", *arguments, "--uri", self.uri], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, text=True) as client:
            for line in client.stdout:
                if "This program uses" in line:
                    break
            else:
                raise SystemExit(f"{self.broker.name}: connection-count {arguments} failed")
            time.sleep(HEARTBEAT_SECONDS * 1.5)
            settle(self.broker.pid)
            used = resident_bytes(self.broker.pid) - before
            client.stdin.close()
            closing = client.stdout.read()
        milliseconds = float(closing.split("closed in ")[1].split(" ms")[0])
        return {"bytes": used / count, "close_ms": milliseconds}

    def cycles(self, scenario, count):
        """Cycles a second, and by how many bytes the broker has grown in the later nine tenths of them."""
        self._churn(scenario, count // 10)
        settle(self.broker.pid)
        before = resident_bytes(self.broker.pid)
        result = self._churn(scenario, count - count // 10)
        settle(self.broker.pid)
        return {"count": count, "per_second": result["per_second"],
                "grown_bytes": resident_bytes(self.broker.pid) - before}

    def _churn(self, scenario, count):
        done = subprocess.run(
            [self.perf, "perf", scenario, "-C", str(count), "-j", "--uri", self.uri],
            capture_output=True, text=True, timeout=1800)
        if done.returncode != 0:
            raise SystemExit(f"{self.broker.name}: {scenario} failed: {done.stderr}")
        return json.loads(done.stdout)[0]
