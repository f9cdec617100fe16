// A broker with life in it, for the pictures of the documentation: a shop with applications that behave and some that
// do not. `company(amqp, api)` starts it; what it answers ends it.
import { once } from 'node:events';
import { connect } from 'amqplib';

const password = 'a-long-password';
const none = () => undefined;

/** Calls something so often, until it is stopped. */
function every(ms, act) {
    let going = false;
    const timer = setInterval(async () => {
        if (going) return;
        going = true;
        await Promise.resolve(act()).catch(none);
        going = false;
    }, ms);
    return () => clearInterval(timer);
}

async function makeTopology(api) {
    const application = (tags = '') => ({ password, tags });
    for (const user of ['shop', 'billing', 'mailer', 'reports', 'warehouse'])
        await api('PUT', `users/${user}`, application());
    await api('PUT', 'users/olivia', application('monitoring'));
    await api('PUT', 'users/paul', application('policymaker'));
    await api('PUT', 'vhosts/staging', { description: 'for what is tried out', tags: 'test' });
    for (const user of ['shop', 'billing', 'mailer', 'reports', 'warehouse', 'paul']) {
        await api('PUT', `permissions/%2F/${user}`, { configure: '.*', write: '.*', read: '.*' });
    }
    await api('PUT', 'topic-permissions/%2F/shop', { exchange: 'orders', write: '^order\\.', read: '.*' });
    await api('PUT', 'permissions/staging/shop', { configure: '^shop', write: '.*', read: '.*' });
    await api('PUT', 'user-limits/reports/max-channels', { value: 500 });
    await api('PUT', 'vhost-limits/staging/max-connections', { value: 50 });
    await api('PUT', 'exchanges/%2F/orders', { type: 'topic', durable: true });
    await api('PUT', 'exchanges/%2F/late', { type: 'fanout', durable: true });
    const queues = {
        invoices: { 'x-dead-letter-exchange': 'late' },
        mails: {},
        'stock.eu': { 'x-queue-type': 'quorum' },
        'stock.us': {},
        statistics: { 'x-max-length': 50_000 },
        'late.invoices': {},
        alerts: { 'x-max-priority': 9 },
        labels: { 'x-single-active-consumer': true, 'x-expires': 86_400_000 },
    };
    for (const [name, args] of Object.entries(queues))
        await api('PUT', `queues/%2F/${name}`, { durable: true, arguments: args });
    const keys = {
        labels: 'order.*.sent',
        invoices: 'order.*.paid',
        mails: 'order.#',
        'stock.eu': 'order.eu.*',
        'stock.us': 'order.us.*',
    };
    for (const [queue, key] of Object.entries(keys))
        await api('POST', `bindings/%2F/e/orders/q/${queue}`, { routing_key: key, arguments: {} });
    await api('POST', 'bindings/%2F/e/orders/q/statistics', { routing_key: '#', arguments: {} });
    await api('POST', 'bindings/%2F/e/late/q/late.invoices', { routing_key: '', arguments: {} });
    await api('PUT', 'policies/%2F/keep-mails-short', {
        pattern: '^mails$',
        'apply-to': 'queues',
        definition: { 'max-length': 20_000, overflow: 'drop-head' },
    });
    await api('PUT', 'policies/%2F/late-for-a-week', {
        pattern: '^late\\.',
        'apply-to': 'queues',
        priority: 5,
        definition: { 'message-ttl': 604_800_000 },
    });
    await api('PUT', 'operator-policies/%2F/not-too-long', {
        pattern: '.*',
        'apply-to': 'queues',
        definition: { 'max-length': 1_000_000 },
    });
    await api('PUT', 'parameters/shop/%2F/colours', { value: { accent: 'teal' } });
    await api('PUT', 'global-parameters/contact', { value: 'operators@example.org' });
}

export async function company(amqp, api) {
    await makeTopology(api);
    const stops = [];
    const connections = [];
    const join = async (user, connection_name, product, version) => {
        const { host } = new URL(amqp);
        const connection = await connect(`amqp://${user}:${password}@${host}`, {
            clientProperties: { connection_name, ...(product ? { product, version } : {}) },
        });
        connection.on('error', none);
        connections.push(connection);
        return connection;
    };

    for (const name of ['shop-web-1', 'shop-web-2']) {
        const shop = await join('shop', name, 'RabbitMQ', '7.1.2');
        const channel = await shop.createConfirmChannel();
        let order = 0;
        stops.push(
            every(50, () => {
                const size = 3 + Math.round(3 * Math.sin(Date.now() / 9000) + 2 * Math.random());
                for (let n = 0; n < size; n++) {
                    const region = ['eu', 'us'][order % 2];
                    const key = `order.${region}.${['placed', 'paid', 'sent'][order % 3]}`;
                    const body = { order: 70_000 + order++, customer: 'C-4711', total: 49.9, currency: 'EUR' };
                    channel.publish('orders', key, Buffer.from(JSON.stringify(body)), {
                        persistent: true,
                        contentType: 'application/json',
                        messageId: `${name}-${order}`,
                        headers: { attempt: 1, region },
                    });
                }
                return channel.waitForConfirms();
            }),
        );
    }

    const acknowledge = (channel, message) => {
        try {
            channel.ack(message);
        } catch {
            // Its connection was closed meanwhile, at the end.
        }
    };
    const consumer = async (connection, queue, prefetch, ms, tag, options) => {
        const channel = await connection.createChannel();
        await channel.prefetch(prefetch);
        await channel.consume(
            queue,
            (message) => message && !options?.noAck && setTimeout(acknowledge, ms * Math.random(), channel, message),
            { consumerTag: tag, ...options },
        );
        return channel;
    };
    for (const n of [1, 2, 3]) {
        const billing = await join('billing', `billing-${n}`, 'amqp-client (Java)', '5.25.0');
        await consumer(billing, 'invoices', 20, 150, `billing-${n}`);
    }
    const mailer = await join('mailer', 'mailer', 'pika', '1.3.2');
    await consumer(mailer, 'mails', 50, 2600, 'mailer');
    const warehouse = await join('warehouse', 'warehouse', 'amqp091-go', '1.10.0');
    for (const region of ['eu', 'us']) await consumer(warehouse, `stock.${region}`, 100, 300, `stock-${region}`);
    for (const n of [1, 2]) {
        const printer = await join('warehouse', `label-printer-${n}`, 'RabbitMQ', '7.1.2');
        await consumer(printer, 'labels', 10, 60, `printer-${n}`);
    }
    const reports = await join('reports', 'reports', 'php-amqplib', '3.7.0');
    await consumer(reports, 'statistics', 0, 0, 'statistics', { noAck: true });

    // It opens a channel for each report and forgets it.
    const leaking = await join('reports', 'nightly-reports', 'php-amqplib', '3.7.0');
    let leaked = 0;
    stops.push(every(900, () => leaked++ < 400 && leaking.createChannel()));
    // Each makes its mistake again and again, and has its channel closed for it.
    const mistake = async (user, name, product, version, ms, make) => {
        const connection = await join(user, name, product, version);
        stops.push(
            every(ms, async () => {
                const channel = await connection.createChannel();
                channel.on('error', none);
                await make(channel);
                await once(channel, 'close');
            }),
        );
    };
    await mistake('warehouse', 'legacy-import', 'Bunny', '2.24.0', 7000, (channel) =>
        channel.checkQueue('imports').catch(none),
    );
    await mistake('warehouse', 'stock-sync', 'amqp091-go', '1.10.0', 17_000, (channel) =>
        channel.ack({ fields: { deliveryTag: 7 } }),
    );
    await mistake('mailer', 'newsletter', 'pika', '1.3.2', 23_000, (channel) =>
        channel.assertQueue('mails', { durable: true, messageTtl: 60_000 }).catch(none),
    );
    await mistake('shop', 'shop-mobile', 'amqp-client (Java)', '5.25.0', 29_000, (channel) =>
        channel.publish('orders', 'invoice.made', Buffer.from('{}')),
    );
    // It connects for each message.
    stops.push(
        every(350, async () => {
            const cron = await join('billing', 'cron-invoices', 'pika', '1.3.2');
            connections.pop();
            const channel = await cron.createChannel();
            await channel.checkQueue('late.invoices');
            await cron.close();
        }),
    );
    // A few invoices cannot be read.
    const rejecting = await (await join('billing', 'billing-retry', 'amqp-client (Java)', '5.25.0')).createChannel();
    stops.push(
        every(700, async () => {
            const message = await rejecting.get('invoices');
            if (message) rejecting.nack(message, false, false);
        }),
    );
    return async () => {
        for (const stop of stops) stop();
        await Promise.all(connections.map((one) => Promise.race([one.close(), once(one, 'close')]).catch(none)));
    };
}
