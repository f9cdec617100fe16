import assert from 'node:assert/strict';

/** A client with a consumer, a message that it holds, and a channel that failed. */
export async function worker(test) {
    const connection = await test.connect('worker');
    const channel = await connection.createChannel();
    await channel.assertQueue('jobs');
    await channel.consume('jobs', () => undefined, { consumerTag: 'jobs-consumer' });
    channel.sendToQueue('jobs', Buffer.from('a job'), { headers: { attempt: 1 } });
    const failing = await connection.createChannel();
    failing.once('error', () => undefined);
    await assert.rejects(failing.checkQueue('nope'));
    const [{ name }] = await test.api('GET', 'connections?name=worker');
    return { connection, channel, name };
}
