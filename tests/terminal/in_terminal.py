#!/usr/bin/env python3
"""Runs a program in a terminal, presses keys, and says what was shown.

    in_terminal.py ROWS COLUMNS STEPS COMMAND...

STEPS is JSON, a list of: ["expect", TEXT], waits until TEXT is shown behind what was expected last; ["send", TEXT], keys;
["resize", ROWS, COLUMNS]; ["signal", NUMBER]. Then it waits for the end of the program. The answer is JSON: "output",
"exit" (128 and the signal's number if that ended it), "restored" (whether the terminal's settings are what they were),
"missed" (the first text that did not come).
"""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

PATIENCE_SECONDS = 60


def main():
    rows, columns, steps, command = int(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3]), sys.argv[4:]
    keeper, terminal = pty.openpty()
    resize(terminal, rows, columns)
    before = settings(terminal)
    child = os.fork()
    if child == 0:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        for number in range(3):
            os.dup2(terminal, number)
        os.closerange(3, 64)
        os.environ.setdefault("TERM", "xterm-256color")
        os.execvp(command[0], command)

    shown, at, missed = bytearray(), 0, None
    deadline = time.monotonic() + PATIENCE_SECONDS
    for kind, *given in steps:
        if kind == "expect":
            wanted = given[0].encode()
            while shown.find(wanted, at) < 0:
                if not read(keeper, shown, deadline):
                    missed = given[0]
                    break
            if missed:
                break
            at = shown.find(wanted, at) + len(wanted)
        elif kind == "send":
            os.write(keeper, given[0].encode())
        elif kind == "resize":
            resize(terminal, *given)
            os.kill(child, signal.SIGWINCH)
        elif kind == "signal":
            os.kill(child, given[0])
    if missed:
        os.kill(child, signal.SIGKILL)

    status = None
    while status is None:
        read(keeper, shown, time.monotonic() + 0.05)
        done, ended = os.waitpid(child, os.WNOHANG)
        if done:
            status = ended
        elif time.monotonic() > deadline:
            missed = missed or "the program's end"
            os.kill(child, signal.SIGKILL)
    while read(keeper, shown, time.monotonic() + 0.05):
        pass
    print(json.dumps({
        "output": shown.decode(errors="replace"),
        "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status),
        "restored": settings(terminal) == before,
        "missed": missed,
    }))


def resize(terminal, rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def settings(terminal):
    """Local, input and output modes, and the control characters."""
    modes = termios.tcgetattr(terminal)
    return [modes[0], modes[1], modes[3], modes[6]]


def read(keeper, shown, deadline):
    """Reads what there is, or waits for it; false if nothing came in time."""
    ready, _, _ = select.select([keeper], [], [], max(0, deadline - time.monotonic()))
    if not ready:
        return False
    try:
        more = os.read(keeper, 65536)
    except OSError:
        return False
    shown += more
    return bool(more)


if __name__ == "__main__":
    main()
