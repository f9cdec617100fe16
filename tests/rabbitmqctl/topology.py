#!/usr/bin/env python3
"""What both brokers are given before their command lines are compared: topology.py PORT says READY, and goes when its
input ends."""
import sys

import pika

connection = pika.BlockingConnection(pika.ConnectionParameters(
    "127.0.0.1", int(sys.argv[1]), client_properties={"connection_name": "topology"}))
channel = connection.channel()
channel.queue_declare("orders", durable=True, arguments={
    "x-max-length": 1000, "x-dead-letter-exchange": "amq.topic", "x-message-ttl": 60000})
channel.queue_declare("plain", durable=False)
channel.queue_declare("tab\there", durable=True)
channel.exchange_declare("audit", "topic", durable=True, arguments={"alternate-exchange": "amq.fanout"})
channel.exchange_declare("gone", "fanout", auto_delete=True)
channel.queue_bind("orders", "audit", "order.#")
channel.queue_bind("orders", "amq.headers", "", {"x-match": "any", "colour": "red", "size": 7})
channel.exchange_bind("gone", "audit", "x")
channel.confirm_delivery()
for body in (b"one", b"three"):
    channel.basic_publish("", "plain", body)
    channel.basic_publish("", "orders", body, pika.BasicProperties(delivery_mode=2))
channel.basic_qos(prefetch_count=10)
channel.basic_consume("plain", lambda *_: None, consumer_tag="ctag-1", arguments={"x-priority": 3})
connection.process_data_events(time_limit=0.5)
print("READY", flush=True)
while not sys.stdin.closed:
    import select
    if select.select([sys.stdin], [], [], 0)[0] and not sys.stdin.readline():
        break
    try:
        connection.process_data_events(time_limit=0.2)
    except pika.exceptions.ConnectionClosed:
        # One of the command lines is for that.
        sys.stdin.read()
        sys.exit()
connection.close()
