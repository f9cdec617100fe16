// What a reader sees when the broker cannot be reached, or refuses.
import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { worker } from './worker.mjs';

/** The way to the broker, which can be cut. */
class Way {
    #isCut = false;
    #sockets = new Set();

    constructor(url) {
        const { hostname, port } = new URL(url);
        this.server = createServer((client) => {
            if (this.#isCut) {
                client.destroy();
                return;
            }
            const broker = connect(port, hostname);
            client.pipe(broker).pipe(client);
            for (const socket of [client, broker]) {
                this.#sockets.add(socket);
                socket.on('error', () => undefined);
                socket.on('close', () => this.#sockets.delete(socket));
            }
        });
    }

    async open() {
        await new Promise((done) => this.server.listen(0, '127.0.0.1', done));
        return `http://127.0.0.1:${this.server.address().port}`;
    }

    cut() {
        this.#isCut = true;
        for (const socket of this.#sockets) socket.destroy();
    }

    mend() {
        this.#isCut = false;
    }

    close() {
        this.cut();
        this.server.close();
    }
}

export const trouble = {
    // Each page goes on by itself when the broker is back, and has what was meanwhile.
    async outlivesItsBroker(test) {
        const { connection, channel, name } = await worker(test);
        const way = new Way(test.url);
        const page = await test.signedIn({ url: await way.open() });
        const unreachable = page.getByRole('alert').getByText('The broker cannot be reached').first();
        const cutAndMend = async (meanwhile) => {
            way.cut();
            await page.getByRole('button', { name: 'Reconnecting' }).waitFor();
            await unreachable.waitFor();
            await meanwhile();
            way.mend();
            await page.getByRole('button', { name: 'Live' }).waitFor();
            await unreachable.waitFor({ state: 'detached' });
        };

        await test.go(page, 'logs');
        const line = (text) => page.locator('.log tbody tr', { hasText: text });
        await line("no queue 'nope'").waitFor();
        await cutAndMend(async () => {
            const failing = await connection.createChannel();
            failing.once('error', () => undefined);
            await assert.rejects(failing.checkQueue('meanwhile'));
        });
        await line("no queue 'meanwhile'").waitFor();
        assert.equal(await line("no queue 'nope'").count(), 1);

        await test.go(page, 'queues');
        await page.getByRole('link', { name: 'jobs', exact: true }).waitFor();
        const dialog = page.getByRole('dialog');
        await cutAndMend(async () => {
            await page.getByRole('link', { name: 'jobs', exact: true }).waitFor();
            await page.getByRole('button', { name: 'Add queue…' }).click();
            await dialog.getByLabel('Name', { exact: true }).fill('second');
            await dialog.getByRole('button', { name: 'Add queue…' }).click();
            await dialog.getByRole('alert').getByText('See whether it was done').waitFor();
            await channel.assertQueue('third');
            await page.keyboard.press('Escape');
        });
        await page.getByRole('link', { name: 'third', exact: true }).waitFor();

        await test.go(page, 'channels', `${name} (1)`);
        await page.getByRole('button', { name: 'Record' }).click();
        await page.getByText('Nothing has passed yet.').waitFor();
        await cutAndMend(() => channel.assertQueue('fourth'));
        await page.getByRole('button', { name: 'queue.declare', exact: true }).waitFor();

        await test.go(page, 'connections', name);
        await page.getByText('Details').waitFor();
        await cutAndMend(() => connection.close());
        await page.getByRole('alert').getByText('This connection is gone').waitFor();
        assert.equal(await page.getByRole('alert').count(), 1);
        assert.equal(await page.getByRole('button', { name: 'Record' }).count(), 0);
        way.close();
    },

    // Whoever keeps the broker kills it at the sight of a queue "kill", and starts it anew.
    async outlivesARestart(test) {
        const connection = await test.connect('worker');
        const channel = await connection.createConfirmChannel();
        await channel.assertQueue('jobs');
        channel.sendToQueue('jobs', Buffer.from('there afterwards'), { persistent: true });
        await channel.waitForConfirms();
        await connection.close();
        const page = await test.signedIn();
        const ready = page.locator('.tiles li', { hasText: 'Ready' }).getByText('1', { exact: true });
        const since = page.locator('.facts div', { hasText: /^Published/ }).getByText('1', { exact: true });
        await ready.waitFor();
        await since.waitFor();
        const away = page.getByRole('button', { name: 'Reconnecting' }).waitFor();
        await test.api('PUT', 'queues/%2F/kill', { durable: true }).catch(() => undefined);
        await away;
        await page.getByRole('button', { name: 'Live' }).waitFor();
        // What is counted begins anew, what is kept is there.
        await since.waitFor({ state: 'detached' });
        await ready.waitFor();
        await test.go(page, 'queues', '/', 'jobs');
        await page.getByRole('button', { name: 'Look' }).click();
        await page.getByText('there afterwards').waitFor();
        await page.getByRole('button', { name: 'Purge…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Purge…' }).click();
        await page.locator('.tiles li', { hasText: 'Ready' }).getByText('0', { exact: true }).waitFor();
        await test.isSound(page, 'after a restart');
    },

    // Where others follow as much as may be, the page asks instead.
    async asksWhereItMayNotFollow(test) {
        const connection = await test.connect('worker');
        const channel = await connection.createChannel();
        await channel.assertQueue('jobs');
        // One may be followed, and that is this.
        const stream = test.follow('overview');
        await stream.next();
        const page = await test.signedIn();
        await test.go(page, 'queues');
        await page.getByRole('link', { name: 'jobs', exact: true }).waitFor();
        await channel.assertQueue('late');
        await page.getByRole('link', { name: 'late', exact: true }).waitFor();
        assert.equal(await page.getByRole('alert').count(), 0);
        await stream.return();
        await connection.close();
    },

    // A request may have 3 MiB here.
    async tellsWhatIsTooMuch(test) {
        const page = await test.signedIn();
        const alert = page.getByRole('alert');
        await test.go(page, 'exchanges', '/', 'amq.topic');
        await page.getByLabel('Body').fill('x'.repeat(1.1 * 1024 * 1024));
        await page.getByRole('button', { name: 'Publish' }).click();
        await alert.getByText('publish larger ones over AMQP').waitFor();

        await test.go(page, 'definitions');
        await page.getByLabel('A file of').setInputFiles({
            name: 'large.json',
            mimeType: 'application/json',
            buffer: Buffer.from(JSON.stringify({ queues: [], product: 'x'.repeat(4 * 1024 * 1024) })),
        });
        await alert.getByText('as http_request_max says').waitFor();
        await alert.getByText('a smaller file').waitFor();

        // While memory is short.
        await test.api('PUT', 'config/effective/vm_memory_high_watermark.absolute', { value: '1MB' });
        await test.go(page, 'vhosts', '/');
        await page.getByRole('button', { name: 'Test…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Test…' }).click();
        await alert.getByText('publishing is blocked').waitFor();
        await alert.getByText('look at the alarms').waitFor();
        assert.deepEqual(page.faults, []);
    },

    // What the broker's own words leave open.
    async tellsHowToMendIt(test) {
        const page = await test.signedIn();
        const alert = page.getByRole('alert');
        const dialog = page.getByRole('dialog');
        await test.go(page, 'queues');
        await page.getByRole('button', { name: 'Add queue…' }).click();
        await dialog.getByLabel('Name', { exact: true }).fill('amq.mine');
        await dialog.getByRole('button', { name: 'Add queue…' }).click();
        await alert.getByText('reserved prefix').waitFor();
        await alert.getByText('Take another name').waitFor();
        await dialog.getByLabel('Name', { exact: true }).fill('50%');
        await dialog.getByRole('button', { name: 'Add queue…' }).click();
        await page.getByRole('link', { name: '50%' }).waitFor();

        // An address that was typed by hand.
        await page.evaluate(() => (location.hash = '#/queues?f.name=~['));
        await alert.getByText('its regular expression whole').waitFor();
        const reconnecting = page.getByRole('button', { name: 'Reconnecting' });
        assert.equal(await reconnecting.count(), 0);
        await page.evaluate(() => (location.hash = '#/logs?level=bogus'));
        await alert.waitFor();
        assert.equal(await reconnecting.count(), 0);
        await page.evaluate(() => (location.hash = '#/queues/%2F/50%'));
        await page.getByRole('heading', { level: 1, name: '50%' }).waitFor();
        await page.reload();
        await page.getByRole('heading', { level: 1, name: '50%' }).waitFor();
        assert.deepEqual(page.faults, []);

        await test.go(page, 'definitions');
        await page.getByLabel('A file of').setInputFiles({
            name: 'half.json',
            mimeType: 'application/json',
            buffer: Buffer.from('{"queues": ['),
        });
        await alert.getByText('That is not JSON').waitFor();
    },
};
