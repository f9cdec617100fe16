"""Brokers to measure: each starts on entering, with figures of its start, and is gone on leaving."""
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

from process import resident_bytes

STARTS = 3
QUIET_SECONDS = 3


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Running:
    """A broker that somebody else started."""

    cycles_share = 0.1
    connections_share = 0.25

    def __init__(self, name, port, pid):
        self.name, self.port, self.pid = name, port, pid
        self.start_seconds = None
        self.idle_bytes = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def version(self):
        return server_version(self.port)


class Started:
    """A broker that we start: several times on an empty folder for the time it takes, the last one stays."""

    # Of the cycles of connections and channels, so many are enough for a broker that takes its time for each.
    cycles_share = 0.1

    # Of the idle connections likewise: RabbitMQ takes a quarter of an hour for all of them, and none at all when nine
    # tenths of its descriptors are used.
    connections_share = 0.25

    def __enter__(self):
        times = []
        for i in range(STARTS):
            times.append(self._start())
            if i < STARTS - 1:
                self._stop()
        self.start_seconds = sorted(times)[len(times) // 2]
        time.sleep(QUIET_SECONDS)
        self.pid = self._find_pid()
        self.idle_bytes = resident_bytes(self.pid)
        return self

    def __exit__(self, *_):
        self._stop()

    def version(self):
        return server_version(self.port)

    def restart(self):
        """Kills it without a warning and starts it on the same folder; returns the seconds until it answers."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        seconds = self._launch_and_wait()
        self.pid = self._find_pid()
        return seconds

    def _start(self):
        self.folder = tempfile.mkdtemp(prefix="compare-")
        self.port = free_port()
        return self._launch_and_wait()

    def _launch_and_wait(self):
        begun = time.monotonic()
        self._launch()
        while not answers(self.port):
            if self.process.poll() is not None or time.monotonic() - begun > 120:
                with open(os.path.join(self.folder, "output"), encoding="utf-8", errors="replace") as log:
                    raise SystemExit(f"{self.name} did not start:\n{log.read()}")
            time.sleep(0.002)
        return time.monotonic() - begun

    def _run(self, command, **environment):
        with open(os.path.join(self.folder, "output"), "wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **environment},
                start_new_session=True)

    def _stop(self):
        self._terminate()
        try:
            self.process.wait(120)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Levada(Started):
    name = "Levada"
    cycles_share = 1.0
    connections_share = 1.0

    def __init__(self, executable, with_http=False):
        self.executable = os.path.abspath(executable)
        self.http_port = free_port() if with_http else 0

    def _launch(self):
        self._run([self.executable, "server", "--data-dir", os.path.join(self.folder, "data"), "--bind", "127.0.0.1",
                   "--amqp-port", str(self.port), "--http-port", str(self.http_port)], LEVADA_CHANNEL_MAX="0")

    def _find_pid(self):
        return self.process.pid

    def _terminate(self):
        self.process.send_signal(signal.SIGTERM)


class RabbitMQ(Started):
    """Debian's package, under a node name, folders, ports and a port mapper of its own."""
    name = "RabbitMQ"

    def __init__(self, plugins=(), settings="channel_max = 0\n"):
        subprocess.run(["scripts/prerequisites", "bench"], check=True)
        self.plugins, self.settings = plugins, settings

    def _launch(self):
        for sub in ("mnesia", "log", "home", "plugins"):
            os.mkdir(os.path.join(self.folder, sub))
        enabled = os.path.join(self.folder, "enabled_plugins")
        with open(enabled, "w", encoding="utf-8") as file:
            file.write(f"[{','.join(self.plugins)}].\n")
        with open(os.path.join(self.folder, "rabbitmq.conf"), "w", encoding="utf-8") as file:
            file.write(self.settings)
        self.mapper = free_port()
        self.identity = {
            "HOME": os.path.join(self.folder, "home"),
            "ERL_EPMD_PORT": str(self.mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"compare{self.port}@localhost",
        }
        self._run(
            ["/usr/lib/rabbitmq/bin/rabbitmq-server"], **self.identity,
            RABBITMQ_NODE_IP_ADDRESS="127.0.0.1",
            RABBITMQ_NODE_PORT=str(self.port),
            RABBITMQ_DIST_PORT=str(free_port()),
            RABBITMQ_MNESIA_BASE=os.path.join(self.folder, "mnesia"),
            RABBITMQ_LOG_BASE=os.path.join(self.folder, "log"),
            RABBITMQ_ENABLED_PLUGINS_FILE=enabled,
            RABBITMQ_CONFIG_FILE=os.path.join(self.folder, "rabbitmq"),
            RABBITMQ_CONF_ENV_FILE=os.path.join(self.folder, "none"),
            RABBITMQ_PID_FILE=os.path.join(self.folder, "pid"))

    def control_script(self):
        """A rabbitmqctl for this node, as a file to run."""
        path = os.path.join(self.folder, "ctl")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + "".join(f"export {name}='{value}'\n" for name, value in self.identity.items())
                       + 'exec /usr/lib/rabbitmq/bin/rabbitmqctl "$@"\n')
        os.chmod(path, 0o700)
        return path

    def _find_pid(self):
        """The virtual machine: the script may run it as a child."""
        pids = [self.process.pid]
        for pid in pids:
            with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                if file.read().startswith("beam"):
                    return pid
            with open(f"/proc/{pid}/task/{pid}/children", encoding="utf-8") as file:
                pids += [int(child) for child in file.read().split()]
        raise SystemExit("RabbitMQ's process was not found")

    def _terminate(self):
        os.kill(self._find_pid(), signal.SIGTERM)

    def _stop(self):
        super()._stop()
        mapper = subprocess.run(["epmd", "-port", str(self.mapper), "-kill"], capture_output=True)
        if mapper.returncode != 0:
            print(mapper.stdout.decode(), mapper.stderr.decode())


def answers(port):
    """True if something speaks AMQP there: a header is answered with connection.start."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as s:
            s.settimeout(5)
            s.sendall(b"AMQP\x00\x00\x09\x01")
            return s.recv(1) == b"\x01"
    except OSError:
        return False


def server_version(port):
    """Product and version from connection.start, found by their names in the raw frame."""
    with socket.create_connection(("127.0.0.1", port), 5) as s:
        s.settimeout(5)
        s.sendall(b"AMQP\x00\x00\x09\x01")
        frame = s.recv(65536)

    def text(name):
        at = frame.find(bytes([len(name)]) + name + b"S")
        if at < 0:
            return "?"
        at += 2 + len(name)
        size = int.from_bytes(frame[at:at + 4], "big")
        return frame[at + 4:at + 4 + size].decode(errors="replace")

    return f"{text(b'product')} {text(b'version')}"
