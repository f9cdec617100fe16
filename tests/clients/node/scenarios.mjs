// amqplib against the broker: `node scenarios.mjs amqp://... SCENARIO`. Prints "passed" as its last line; any failure
// is a stack and exit code 1. `reconnect` says "ready", then "lost" when its connection went, and reads a line when the
// broker is back; `recoverByItself` leaves the reconnecting to the library.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connect } from 'amqplib';

const fresh = (kind) => `node-${kind}-${randomUUID()}`;
const say = (line) => process.stdout.write(`${line}\n`);
const properties = { clientProperties: { connection_name: `amqplib ${process.pid}` } };

// An error event without a listener ends the process, so every channel gets one; `failed` is what it was told.
async function open(connection, confirms = false) {
    const channel = confirms ? await connection.createConfirmChannel() : await connection.createChannel();
    channel.failed = new Promise((resolve) => channel.once('error', resolve));
    return channel;
}

async function closesWith(connection, code, text, action) {
    const channel = await open(connection);
    const result = await Promise.allSettled([action(channel)]);
    const error = result[0].status === 'rejected' && result[0].reason.code ? result[0].reason : await channel.failed;
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.includes(text), error.message);
}

// Collects `count` messages of a consumer that acknowledges each.
function consume(channel, queue, count) {
    return new Promise((resolve, reject) => {
        const seen = [];
        channel
            .consume(queue, (message) => {
                seen.push(message);
                channel.ack(message);
                if (seen.length === count) resolve(seen);
            })
            .catch(reject);
    });
}

const scenarios = {
    async publishAndConsume(uri) {
        const connection = await connect(uri, properties);
        const channel = await open(connection, true);
        const [exchange, queue] = [fresh('exchange'), fresh('queue')];
        await channel.assertExchange(exchange, 'headers', { durable: true });
        await channel.assertQueue(queue, { durable: true });
        await channel.bindQueue(queue, exchange, '', { 'x-match': 'all', kind: 'order', version: 2 });
        for (let number = 0; number < 1000; number++) {
            const headers = { kind: number % 2 ? 'invoice' : 'order', version: 2, number };
            channel.publish(exchange, 'k', Buffer.from(String(number)), { headers, persistent: true });
        }
        await channel.waitForConfirms();
        assert.equal((await channel.checkQueue(queue)).messageCount, 500);

        const consumer = await open(connection);
        await consumer.prefetch(13);
        const seen = await consume(consumer, queue, 500);
        seen.forEach((message, index) => {
            assert.equal(message.content.toString(), String(index * 2));
            assert.equal(message.properties.headers.number, index * 2);
            assert.equal(message.properties.deliveryMode, 2);
            assert.equal(message.fields.redelivered, false);
            assert.equal(message.fields.deliveryTag, index + 1);
        });
        await consumer.close();
        assert.equal((await channel.checkQueue(queue)).messageCount, 0);
        await channel.deleteQueue(queue);
        await channel.deleteExchange(exchange);
        await connection.close();
    },

    async returnsWhatNobodyTakes(uri) {
        const connection = await connect(uri, properties);
        const channel = await open(connection, true);
        const events = [];
        channel.on('return', (message) => events.push([message.fields.replyCode, message.content.toString()]));
        channel.publish('', fresh('nowhere'), Buffer.from('lost'), { mandatory: true }, () => events.push('confirmed'));
        await channel.waitForConfirms();
        assert.deepEqual(events, [[312, 'lost'], 'confirmed']);
        await connection.close();
    },

    async headersComeBackAsTheyWere(uri) {
        const connection = await connect(uri, properties);
        const channel = await open(connection);
        const { queue } = await channel.assertQueue('', { exclusive: true });
        const headers = {
            text: 'grüße',
            number: 7,
            large: 2 ** 45,
            negative: -5,
            float: 1.25,
            yes: true,
            nothing: null,
            list: [1, 'two', { three: 3 }],
            table: { deep: { deeper: 'x' } },
            bytes: Buffer.from([0, 255]),
            when: { '!': 'timestamp', value: 1700000000 },
        };
        const sent = {
            contentType: 'application/json',
            contentEncoding: 'utf-8',
            headers,
            deliveryMode: 1,
            priority: 3,
            correlationId: 'c',
            replyTo: 'r',
            expiration: '60000',
            messageId: 'm',
            timestamp: 1700000000,
            type: 't',
            userId: new URL(uri).username,
            appId: 'a',
        };
        const body = Buffer.alloc(300000, 'x');
        channel.sendToQueue(queue, body, sent);
        const message = await channel.get(queue, { noAck: true });
        for (const name of Object.keys(sent)) assert.deepEqual(message.properties[name], sent[name], name);
        assert.ok(message.content.equals(body));
        await connection.close();
    },

    async errorsCloseOneChannel(uri) {
        const connection = await connect(uri, properties);
        const bystander = await open(connection);
        const [queue, missing] = [fresh('queue'), fresh('missing')];
        await bystander.assertQueue(queue, { durable: false });
        const at = "in vhost '/'";

        await closesWith(connection, 404, `NOT_FOUND - no queue '${missing}' ${at}`, (c) => c.checkQueue(missing));
        await closesWith(connection, 404, `NOT_FOUND - no exchange '${missing}' ${at}`, async (c) =>
            c.publish(missing, 'k', Buffer.from('x')),
        );
        await closesWith(
            connection,
            406,
            `inequivalent arg 'durable' for queue '${queue}' ${at}: received 'true' but current is 'false'`,
            (c) => c.assertQueue(queue, { durable: true }),
        );
        await closesWith(connection, 403, "queue name 'amq.mine' contains reserved prefix 'amq.*'", (c) =>
            c.assertQueue('amq.mine'),
        );
        await closesWith(connection, 406, 'unknown delivery tag 1', async (c) => {
            c.sendToQueue(queue, Buffer.from('once'));
            const message = await c.get(queue);
            c.ack(message);
            c.ack(message);
        });
        const other = await connect(uri, properties);
        const mine = (await (await open(other)).assertQueue('', { exclusive: true })).queue;
        await closesWith(connection, 405, `cannot obtain exclusive access to locked queue '${mine}' ${at}`, (c) =>
            c.consume(mine, () => {}),
        );
        await other.close();

        assert.equal((await bystander.checkQueue(queue)).queue, queue);
        await bystander.deleteQueue(queue);
        await connection.close();
    },

    async requeuedMessagesKeepTheirPlace(uri) {
        const connection = await connect(uri, properties);
        const channel = await open(connection);
        const { queue } = await channel.assertQueue('', { exclusive: true });
        for (const body of ['0', '1', '2']) channel.sendToQueue(queue, Buffer.from(body));
        const [first, second] = [await channel.get(queue), await channel.get(queue)];
        channel.nack(second, false, true);
        channel.reject(first, true);
        const seen = [];
        for (let i = 0; i < 3; i++) {
            const message = await channel.get(queue, { noAck: true });
            seen.push([message.content.toString(), message.fields.redelivered]);
        }
        assert.deepEqual(seen, [
            ['0', true],
            ['1', true],
            ['2', false],
        ]);
        assert.equal(await channel.get(queue), false);
        await connection.close();
    },

    async aDeletedQueueCancelsItsConsumer(uri) {
        const connection = await connect(uri, properties);
        const channel = await open(connection);
        const queue = fresh('queue');
        await channel.assertQueue(queue);
        const cancelled = new Promise((resolve) =>
            channel
                .consume(queue, (message) => resolve(message))
                .then(async () => (await open(connection)).deleteQueue(queue)),
        );
        assert.equal(await cancelled, null);
        await connection.close();
    },

    async directReplyTo(uri) {
        const connection = await connect(uri, properties);
        const [client, server] = [await open(connection), await open(connection)];
        const { queue } = await server.assertQueue('', { exclusive: true });
        const answered = new Promise((resolve) => {
            client.consume('amq.rabbitmq.reply-to', resolve, { noAck: true }).then(() =>
                client.sendToQueue(queue, Buffer.from('question'), {
                    replyTo: 'amq.rabbitmq.reply-to',
                    correlationId: '42',
                }),
            );
        });
        await server.consume(
            queue,
            (request) => {
                assert.match(request.properties.replyTo, /^amq\.rabbitmq\.reply-to\./);
                server.sendToQueue(request.properties.replyTo, Buffer.from('answer'), {
                    correlationId: request.properties.correlationId,
                });
            },
            { noAck: true },
        );
        const reply = await answered;
        assert.equal(reply.content.toString(), 'answer');
        assert.equal(reply.properties.correlationId, '42');
        await connection.close();
    },

    async exchangeToExchange(uri) {
        const connection = await connect(uri, properties);
        const channel = await open(connection);
        const [source, target] = [fresh('source'), fresh('target')];
        await channel.assertExchange(source, 'topic', { durable: false, autoDelete: true });
        await channel.assertExchange(target, 'fanout', { durable: false, autoDelete: true });
        await channel.bindExchange(target, source, 'a.#');
        const { queue } = await channel.assertQueue('', { exclusive: true });
        await channel.bindQueue(queue, target, '');
        channel.publish(source, 'a.b.c', Buffer.from('yes'));
        channel.publish(source, 'b.a', Buffer.from('no'));
        const message = await channel.get(queue, { noAck: true });
        assert.equal(message.content.toString(), 'yes');
        assert.equal(await channel.get(queue), false);
        await connection.close();
    },

    async reconnect(uri) {
        const connection = await connect(uri, properties);
        connection.on('error', () => {});
        const queue = fresh('queue');
        const channel = await open(connection, true);
        await fill(channel, queue);
        await hold(channel, queue, 5);
        const input = createInterface({ input: process.stdin });
        const closed = once(connection, 'close');
        say('ready');
        await closed;
        say('lost');
        await once(input, 'line');
        input.close();

        const again = await connect(uri, properties);
        await drain(await open(again), queue);
        const confirming = await open(again, true);
        confirming.sendToQueue(queue, Buffer.from('afterwards'), { persistent: true });
        await confirming.waitForConfirms();
        assert.equal((await confirming.get(queue, { noAck: true })).content.toString(), 'afterwards');
        await confirming.deleteQueue(queue);
        await again.close();
    },

    async recoverByItself(uri) {
        let restored;
        const recovered = new Promise((resolve) => {
            restored = resolve;
        });
        let connects = 0;
        const setup = async (underlying) => {
            if (++connects > 1) restored(underlying);
        };
        const connection = await connect(uri, { ...properties, recovery: { initialDelay: 50, maxDelay: 200, setup } });
        connection.on('error', () => {});
        const queue = fresh('queue');
        const channel = await open(connection, true);
        await fill(channel, queue);
        say('ready');
        connection.once('disconnect', () => say('lost'));
        await recovered;
        const later = await open(connection);
        await drain(later, queue);
        await later.deleteQueue(queue);
        await connection.close();
    },
};

async function fill(channel, queue) {
    await channel.assertQueue(queue, { durable: true });
    for (let number = 0; number < 50; number++) {
        channel.sendToQueue(queue, Buffer.from(String(number)), { persistent: true });
    }
    await channel.waitForConfirms();
}

// Takes `count` messages and keeps them.
async function hold(channel, queue, count) {
    await channel.prefetch(count);
    await new Promise((resolve) => {
        let held = 0;
        channel.consume(queue, () => {
            if (++held === count) resolve();
        });
    });
}

async function drain(channel, queue) {
    for (let number = 0; number < 50; number++) {
        const message = await channel.get(queue);
        assert.ok(message, `message ${number} is gone`);
        assert.equal(message.content.toString(), String(number));
        channel.ack(message);
    }
}

const [uri, name] = process.argv.slice(2);
await scenarios[name](uri);
say('passed');
process.exit(0);
