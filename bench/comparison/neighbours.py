"""Whether a client costs the others: one that never reads, and one with very many busy channels."""
import json
import statistics
import subprocess
import time

SECONDS = 5
CLIENTS = 50
BACKLOG = 200_000
PAIRS = 3
BUSY = {"one": ["-x", "1", "-c", "2000"], "many": ["-x", "200", "-c", "10"]}


def measure_neighbours(broker, perf):
    """Rates in messages a second. The pairs are measured in turns, so what else the machine does meets both."""
    with broker:
        alone, beside = never_reads(perf, uri_of(broker))
    with broker:
        busy = busy_channels(perf, uri_of(broker))
    return {"alone": alone, "beside": beside, "change": beside / alone - 1 if alone else 0, "busy": busy}


def uri_of(broker):
    return f"amqp://guest:guest@127.0.0.1:{broker.port}"


def never_reads(perf, uri):
    """What 50 publishers and 50 consumers move, without and with a consumer that leaves its socket full."""
    run(perf, "throughput", "-q", "-x", "1", "-y", "0", "-u", "unread", "-s", "1000", "-C", str(BACKLOG), "--uri", uri)
    alone, beside = [], []
    fast(perf, uri)
    for _ in range(PAIRS):
        alone.append(fast(perf, uri))
        # One message in a thousand seconds: it stops reading at once, and its socket fills.
        with subprocess.Popen(
                [perf, "perf", "throughput", "-x", "0", "-y", "1", "-R", "0.001", "-u", "unread", "-q", "--uri", uri],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as unread:
            time.sleep(2)
            beside.append(fast(perf, uri))
            unread.kill()
    return statistics.median(alone), statistics.median(beside)


def fast(perf, uri):
    return run(perf, "throughput", "-q", "-x", str(CLIENTS), "-y", str(CLIENTS), "-z", str(SECONDS), "-u", "fast",
               "--uri", uri)["avg_consume_rate"]


def busy_channels(perf, uri):
    """Rounds a second of 2,000 channels on one connection and on 200 connections: each alone, then at the same time.

    The two shapes cost clients and system calls unlike much, so it is the share each keeps that should be alike.
    """
    command = ["busy-channels", "-z", str(2 * SECONDS), "--uri", uri]
    alone = {name: run(perf, *command, *shape)["per_second"] for name, shape in BUSY.items()}
    clients = {name: subprocess.Popen([perf, "perf", *command, *shape, "-j"], stdout=subprocess.PIPE, text=True)
               for name, shape in BUSY.items()}
    return {name: json.loads(client.communicate(timeout=300)[0]) | {"alone": alone[name]}
            for name, client in clients.items()}


def run(perf, *arguments):
    done = subprocess.run([perf, "perf", *arguments, "-j"], capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)} failed: {done.stderr}")
    return json.loads(done.stdout)
