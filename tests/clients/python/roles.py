"""Asks a broker's HTTP API what tests/rabbitmq-roles.txt has, as users of each role; prints the file with the answers.

    roles.py FILE AMQP_PORT HTTP_PORT SECONDS

Waits so many seconds for a broker whose figures lag behind.
"""
import base64
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import pika

FILE, AMQP_PORT, HTTP_PORT, SECONDS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
ROLES = ["none", "management", "policymaker", "monitoring", "administrator"]


def ask(user, method, path, body):
    request = urllib.request.Request(f"http://127.0.0.1:{HTTP_PORT}{path}", body and body.encode(), method=method)
    request.add_header("Authorization", "Basic " + base64.b64encode(f"{user}:{user}".encode()).decode())
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as fault:
        return fault.code, fault.read()


def connect(user):
    connection = pika.BlockingConnection(pika.ConnectionParameters(
        "127.0.0.1", AMQP_PORT, credentials=pika.PlainCredentials(user, user)))
    connection.channel()
    (peer, peer_port), (host, port) = (connection._impl._transport._sock.getsockname()[:2],
                                       connection._impl._transport._sock.getpeername()[:2])
    return connection, f"{peer}:{peer_port} -> {host}:{port}"


def main():
    with open(FILE, encoding="utf-8") as file:
        lines = file.read().splitlines()
    ask("guest", "PUT", "/api/vhosts/other", "{}")
    for role in ROLES:
        ask("guest", "PUT", f"/api/users/{role}", json.dumps({"password": role, "tags": "" if role == "none" else role}))
        ask("guest", "PUT", f"/api/permissions/%2F/{role}", '{"configure":".*","write":".*","read":".*"}')
    node = json.loads(ask("guest", "GET", "/api/overview", None)[1])["node"]
    others, own = {role: connect("guest") for role in ROLES}, {role: connect(role) for role in ROLES}

    def fill(text, role):
        for word, name in (("OWNCHANNEL", own[role][1] + " (1)"), ("OWN", own[role][1]),
                           ("CONNECTION", others[role][1]), ("CHANNEL", others[role][1] + " (1)")):
            text = text.replace(word, urllib.parse.quote(name, safe=""))
        return text.replace("ROLE", role).replace("NODE", node)

    def statuses(request):
        method, path, *body = request.split(" ", 2)
        return [ask(role, method, fill(path, role), fill(body[0], role) if body else None)[0] for role in ROLES]

    for line in lines:
        if line.startswith("setup "):
            method, path, *body = line.split(" ", 3)[1:]
            for role in ROLES:
                status, answer = ask("guest", method, fill(path, role), fill(body[0], role))
                if status >= 300:
                    raise SystemExit(f"{line}: {status} {answer}")
    time.sleep(SECONDS)
    for line in lines:
        if line.startswith(("#", "setup ")):
            print(line)
        else:
            request = line.split(" | ")[0]
            print(request, "|", *statuses(request), flush=True)


if __name__ == "__main__":
    main()
