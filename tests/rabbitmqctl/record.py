#!/usr/bin/env python3
"""Runs commands.txt with RabbitMQ's own tools on a RabbitMQ of its own, and keeps what they say in expected.json;
commands-more.txt likewise on another one, because what a command answers may rest on those before it.

What differs from one run to the next (ports, process ids, the node's name, times) is masked, by the same rules as in the
test that compares levada with it: see mask().
"""
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "bench", "comparison"))
import brokers  # noqa: E402


def commands(more):
    with open(os.path.join(HERE, f"commands{more}.txt"), encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                yield line


def split(line):
    """Program and words: double quotes only hold together what has blanks, so that JSON needs none around it."""
    program = "rabbitmqctl"
    if match := re.match(r"(rabbitmq-[a-z]+): ", line):
        program, line = match[1], line[match.end():]
    return program, [re.sub(r'^"(.*)"$', r"\1", word) for word in re.findall(r'"[^"{}:]*"|\S+', line)]


def mask(text, node):
    text = text.replace(node, "NODE")
    text = re.sub(r"<NODE[0-9.]*>|<\S+@\S+?\.\d+(\.\d+)*>", "PID", text)
    text = re.sub(r"<\d+\.\d+\.\d+>", "PID", text)
    text = re.sub(r"127\.0\.0\.1:\d+ -> 127\.0\.0\.1:\d+( \(\d+\))?", "PID", text)
    return re.sub(r"\b\d{5}\b(?=\s|$|,|\"|})", "PORT", text)


def main(more):
    brokers.STARTS = 1
    broker = brokers.RabbitMQ((), "loopback_users = none\nlog.console = false\n")
    with broker:
        environment = {**os.environ, **broker.identity}
        node = environment["RABBITMQ_NODENAME"]
        topology = subprocess.Popen(
            ["/usr/bin/python3", os.path.join(HERE, "topology.py"), str(broker.port)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        assert topology.stdout.readline() == "READY\n"
        kept = []
        for line in commands(more):
            program, words = split(line)
            done = subprocess.run(
                [f"/usr/lib/rabbitmq/bin/{program}", "-n", node, *words], capture_output=True, text=True,
                stdin=subprocess.DEVNULL, env=environment, timeout=120)
            kept.append({"command": line, "exit": done.returncode, "output": mask(done.stdout, node),
                         "error": mask(done.stderr, node)})
            print(done.returncode, line, flush=True)
        topology.stdin.close()
        topology.wait()
    with open(os.path.join(HERE, f"expected{more}.json"), "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1, ensure_ascii=False)
        file.write("\n")


if __name__ == "__main__":
    os.chdir(ROOT)
    main("")
    main("-more")
