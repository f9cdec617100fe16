// Connections, channels and consumers.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { worker } from './worker.mjs';

export const clients = {
    async findsAndClosesAConnection(test) {
        const { connection } = await worker(test);
        const other = await test.connect('other');
        // The library takes 320 for no error.
        const closed = once(connection, 'close');
        const page = await test.signedIn();
        await test.go(page, 'connections');
        await page.getByRole('link', { name: 'other' }).waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type('work');
        await page.getByText('1 of 2 connections').waitFor();
        assert.equal(await page.getByRole('link', { name: 'other' }).count(), 0);
        assert.match(page.url(), /q=work/);
        await page.getByRole('link', { name: 'worker' }).click();
        await page.getByRole('button', { name: 'Close…' }).click();
        await page.getByLabel('Reason').fill('too many of you');
        await page.getByRole('dialog').getByRole('button', { name: 'Close…' }).click();
        const [error] = await closed;
        assert.match(error.message, /320.*too many of you/);
        await page.getByRole('heading', { name: 'Connections' }).waitFor();
        await test.go(page, 'closed');
        await page.getByText("no queue 'nope'").waitFor();
        await page.getByRole('link', { name: 'Connections', exact: true }).last().click();
        await page.getByText('too many of you').waitFor();
        await other.close();
    },

    async groupsConnections(test) {
        const all = await Promise.all(['billing', 'billing', 'mail'].map((name) => test.connect(name)));
        const page = await test.signedIn();
        await test.go(page, 'connections');
        await page.getByLabel('Group by').selectOption('Application');
        await page.getByText('2 groups').waitFor();
        // Until they are there, the groups by something else are not taken for them.
        let answer;
        const asked = new Promise((resolve) => (answer = resolve));
        await page.route(/group_by=user/, async (route) => {
            await asked;
            await route.continue();
        });
        await page.getByLabel('Group by').selectOption('User');
        await page.getByText('Asking the broker').waitFor();
        assert.equal(await page.getByText('without a name').count(), 0);
        answer();
        await page.getByRole('link', { name: 'guest' }).waitFor();
        await page.evaluate(() => (location.hash = '#/connections?by=nonsense'));
        await page.getByText('3 connections').first().waitFor();
        assert.equal(await page.getByLabel('Group by').inputValue(), '');
        await page.getByLabel('Group by').selectOption('Application');
        await page.getByRole('link', { name: 'billing' }).click();
        await page.getByText('2 of 3 connections').waitFor();
        await page.getByRole('button', { name: 'Remove the filter' }).click();
        await page.getByText('3 connections').first().waitFor();
        await Promise.all(all.map((connection) => connection.close()));
    },

    async showsWhatAClientSends(test) {
        const { connection, channel, name } = await worker(test);
        const page = await test.signedIn({ timezoneId: 'Asia/Kolkata' });
        await test.go(page, 'channels', `${name} (1)`);
        await page.getByText('jobs-consumer').waitFor();
        // What the reader does counts while the page is stopped, what passes is not followed.
        await page.getByRole('button', { name: 'Live', exact: true }).click();
        await page.getByRole('button', { name: 'Record' }).click();
        await page.getByText('recording', { exact: true }).waitFor();
        await page.getByText('Paused: what passes is shown').waitFor();
        await page.getByRole('button', { name: 'Paused', exact: true }).click();
        await page.getByText('Nothing has passed yet.').waitFor();
        channel.once('error', () => undefined);
        await channel.assertQueue('second');
        await assert.rejects(channel.checkQueue('missing'));
        await page.getByRole('button', { name: 'queue.declare', exact: true }).first().waitFor();
        await page.getByRole('alert').getByText('This channel is gone').waitFor();
        // It is gone for good: nothing is waited for.
        await page.getByRole('button', { name: 'Live' }).waitFor();
        await page.locator('.timeline .error').getByText("no queue 'missing'").waitFor();
        await page.getByRole('button', { name: 'Stop', exact: true }).click();
        await page.getByText('ended', { exact: true }).waitFor();
        assert.equal(await page.getByRole('button', { name: /Record|Cancel…|Prefetch…/ }).count(), 0);
        const time = page.locator('.timeline time').first();
        const at = new Date(Date.parse(await time.getAttribute('datetime')) + 5.5 * 3600 * 1000);
        assert.equal(await time.textContent(), at.toISOString().slice(11, 23));
        await page.getByLabel('Only entries with').fill('tx.rollback');
        await page.getByText(/^None of \d+ entries has that/).waitFor();
        await page.getByLabel('Only entries with').fill('');
        await test.isSound(page, 'timeline');
        await connection.close();
    },

    // A row may become another one's while its question is open.
    async asksAboutOneConsumer(test) {
        const { connection, channel } = await worker(test);
        const page = await test.signedIn();
        const dialog = page.getByRole('dialog');
        await test.go(page, 'consumers');
        await page.getByRole('button', { name: 'Cancel…' }).click();
        await dialog.getByText('jobs-consumer').first().waitFor();
        await channel.cancel('jobs-consumer');
        await channel.consume('jobs', () => undefined, { consumerTag: 'next-consumer' });
        await page.getByRole('cell', { name: 'next-consumer', exact: true, includeHidden: true }).waitFor();
        await dialog.getByText('jobs-consumer').first().waitFor();
        await dialog.getByRole('button', { name: 'Cancel…' }).click();
        await dialog.getByRole('alert').waitFor();
        const [{ consumer_tag: tag }] = await test.api('GET', 'consumers');
        assert.equal(tag, 'next-consumer');
        await connection.close();
    },

    async managesAChannel(test) {
        const { connection, channel, name } = await worker(test);
        channel.once('error', () => undefined);
        const { queue } = await channel.assertQueue('');
        channel.sendToQueue(queue, Buffer.from('a message'));
        await channel.get(queue, { noAck: true });
        const page = await test.signedIn();
        await test.go(page, 'channels', `${name} (1)`);
        await page.locator('.facts div', { hasText: 'Got (basic.get)' }).getByText('1', { exact: true }).waitFor();
        await page.getByRole('button', { name: 'Pause deliveries' }).click();
        await page.getByRole('button', { name: 'Resume deliveries' }).waitFor();
        await page.locator('header.title').getByText('paused').waitFor();
        await page.locator('header.title').getByRole('button', { name: 'Prefetch…' }).click();
        await page.getByLabel('Deliveries unacknowledged at most').fill('17');
        await page.getByRole('dialog').getByRole('button', { name: 'Prefetch…' }).click();
        await page.getByText('prefetch 17').waitFor();
        await page.getByRole('button', { name: 'Requeue…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Requeue…' }).click();
        await page.locator('.tiles li', { hasText: 'Unacknowledged' }).getByText('0', { exact: true }).waitFor();
        await page.getByRole('button', { name: 'Cancel…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Cancel…' }).click();
        await page.getByText('None: nothing is delivered').waitFor();
        await page.locator('header.title').getByRole('button', { name: 'Close…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Close…' }).click();
        await page.getByRole('heading', { name: 'Channels' }).waitFor();
        await test.go(page, 'channels', `${name} (1)`);
        await page.getByRole('link', { name: 'Why was it closed?' }).click();
        await page.getByText('Closed via management plugin').first().waitFor();
        await connection.close();
    },
};
