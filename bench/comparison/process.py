"""What the kernel says of a process."""
import os
import re
import signal
import subprocess
import tempfile
import time

SENDS = ("sendto", "sendmsg", "sendmmsg", "writev")
SYNCS = ("fsync", "fdatasync", "sync_file_range", "syncfs", "msync")


def cpu_seconds(pid):
    """User and system time of all threads, those that ended too, by its own clock: /proc tells hundredths only."""
    return time.clock_gettime(~pid << 3 | 2)


def resident_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return int(re.search(r"VmRSS:\s+(\d+) kB", file.read())[1]) * 1024


def wakeups(pid):
    """Voluntary context switches by thread: each is a thread that waited and was woken."""
    counts = {}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{task}/status", encoding="utf-8") as file:
                counts[task] = int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", file.read(), re.M)[1])
        except FileNotFoundError:
            pass  # The thread ended between the two calls.
    return counts


def wakeups_between(before, after):
    """Threads that ended in between are missing, those that began count in full."""
    return sum(count - before.get(task, 0) for task, count in after.items())


class CountedCalls:
    """Counts system calls of a running process while the block runs. It slows the process: time nothing meanwhile."""

    def __init__(self, pid):
        self.pid = pid
        self.sends = self.syncs = 0

    def __enter__(self):
        self.file = tempfile.NamedTemporaryFile(suffix=".strace")
        self.strace = subprocess.Popen(
            ["strace", "-c", "-f", "-q", "-e", "trace=" + ",".join(SENDS + SYNCS), "-o", self.file.name,
             "-p", str(self.pid)], stderr=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        self.strace.send_signal(signal.SIGINT)
        self.strace.wait()
        with self.file, open(self.file.name, encoding="utf-8") as table:
            for line in table:
                fields = line.split()
                if fields and fields[-1] in SENDS:
                    self.sends += int(fields[3])
                elif fields and fields[-1] in SYNCS:
                    self.syncs += int(fields[3])
