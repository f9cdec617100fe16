// Queues, exchanges and messages.
import assert from 'node:assert/strict';

export const topology = {
    async managesQueues(test) {
        const connection = await test.connect('worker');
        const channel = await connection.createChannel();
        const page = await test.signedIn();
        await test.go(page, 'queues');
        await page.getByText('There is no queue.').waitFor();
        for (const name of ['jobs', 'late']) {
            await page.getByRole('button', { name: 'Add queue…' }).click();
            await page.getByLabel('Name', { exact: true }).fill(name);
            if (name === 'jobs')
                await page.getByLabel('Arguments').fill('x-max-length = 1000\nx-overflow = reject-publish');
            await page.getByRole('dialog').getByRole('button', { name: 'Add queue…' }).click();
            await page.getByRole('link', { name, exact: true }).waitFor();
        }
        const { arguments: given } = await test.api('GET', 'queues/%2F/jobs');
        assert.deepEqual(given, { 'x-max-length': 1000, 'x-overflow': 'reject-publish' });
        for (let n = 0; n < 25; n++)
            channel.sendToQueue('jobs', Buffer.from(`{"job": ${n}}`), { headers: { attempt: n } });
        await channel.checkQueue('jobs');

        await page.getByRole('link', { name: 'jobs', exact: true }).click();
        await page.getByRole('button', { name: 'Look' }).click();
        await page.getByText('"job": 9').waitFor();
        await page.getByRole('button', { name: 'After' }).click();
        await page.getByText('"job": 19').waitFor();
        await page.getByLabel('From position').fill('99999');
        await page.keyboard.press('Enter');
        await page.getByText('There is no message at that place').waitFor();
        await page.getByRole('button', { name: 'Before' }).click();
        await page.getByText('"job": 15').waitFor();
        await test.isSound(page, 'messages');
        await page.getByRole('button', { name: 'Get…' }).click();
        await page.getByLabel('And then').selectOption('ack_requeue_false');
        await page.getByRole('dialog').getByRole('button', { name: 'Get…' }).click();
        await page.getByText('"job": 0').waitFor();
        await page.locator('.tiles li', { hasText: 'Ready' }).getByText('24', { exact: true }).waitFor();

        // Who holds them.
        await channel.prefetch(4);
        await channel.consume('jobs', () => undefined, { consumerTag: 'the-holder' });
        await page.getByRole('heading', { name: 'Unacknowledged' }).waitFor();
        await page.getByText('the-holder').first().waitFor();
        await channel.cancel('the-holder');
        await channel.recover();

        await page.getByRole('button', { name: 'Move…' }).click();
        await page.getByLabel('To the queue').fill('late');
        await page.getByLabel('At most').fill('20');
        await page.getByRole('dialog').getByRole('button', { name: 'Move…' }).click();
        await page.getByText('20 moved').waitFor();
        await page.getByRole('button', { name: 'Move…' }).click();
        await page.getByLabel('To the queue').fill('late');
        await page.getByLabel('Only with these headers').fill('attempt = 22');
        await page.getByRole('dialog').getByRole('button', { name: 'Move…' }).click();
        await page.getByText('1 moved').waitFor();
        await page.getByRole('button', { name: 'Pause…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Pause…' }).click();
        await page.getByRole('button', { name: 'Resume' }).click();
        await page.getByRole('button', { name: 'Purge…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Purge…' }).click();
        await page.locator('.tiles li', { hasText: 'Ready' }).getByText('0', { exact: true }).waitFor();

        await test.go(page, 'queues', '/', 'late');
        await page.getByRole('button', { name: 'Delete…' }).click();
        await page.getByRole('dialog').getByLabel('Type late').fill('other');
        await page.getByRole('dialog').getByRole('button', { name: 'Delete…' }).click();
        await page.getByRole('alert').getByText('another name').waitFor();
        await page.getByRole('dialog').getByLabel('Type late').fill('late');
        await page.getByRole('dialog').getByRole('button', { name: 'Delete…' }).click();
        await page.getByText('1 queue', { exact: true }).waitFor();
        // What holds nothing need not be typed.
        await page.getByRole('link', { name: 'jobs', exact: true }).click();
        await page.getByRole('button', { name: 'Delete…' }).click();
        await page.getByRole('dialog').getByText('0 messages go with it').waitFor();
        await page.getByRole('dialog').getByRole('button', { name: 'Delete…' }).click();
        await page.getByText('There is no queue.').waitFor();
        await connection.close();
    },

    // One virtual host for all lists, until it is taken back or gone.
    async choosesAVirtualHost(test) {
        const connection = await test.connect('worker');
        const page = await test.signedIn();
        const choice = page.getByRole('combobox', { name: 'Virtual host' });
        await test.go(page, 'queues');
        await page.getByText('There is no queue.').waitFor();
        assert.equal(await choice.count(), 0);
        await test.api('PUT', 'vhosts/orders', {});
        await test.api('PUT', 'permissions/orders/guest', { configure: '.*', write: '.*', read: '.*' });
        await test.api('PUT', 'queues/orders/late', { durable: true });
        await test.api('PUT', 'queues/%2F/jobs', { durable: true });
        await page.reload();
        const link = (name) => page.getByRole('link', { name, exact: true });
        await link('jobs').waitFor();
        await link('late').waitFor();
        await choice.selectOption('orders');
        await link('jobs').waitFor({ state: 'detached' });
        await link('late').waitFor();
        await page.getByText('1 of 2 queues').waitFor();
        await test.isSound(page, 'queues of one virtual host');
        await page.getByRole('button', { name: 'Add queue…' }).click();
        await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('third');
        await page.getByRole('dialog').getByRole('button', { name: 'Add queue…' }).click();
        await link('third').waitFor();
        await test.api('GET', 'queues/orders/third');

        await test.go(page, 'consumers');
        await page.getByText('In the virtual host orders').waitFor();
        await page.getByText('There is no consumer').waitFor();
        await test.go(page, 'connections');
        await page.getByText('No client is connected').waitFor();
        await page.getByText(/amqp:\/\/USER:PASSWORD@127.0.0.1:\d+\/orders'/).waitFor();
        await page.getByLabel('Group by').selectOption('connection_name');
        await page.getByText('0 groups in orders').waitFor();
        await page.reload();
        await page.getByText('0 groups in orders').waitFor();
        await page.getByText('None in orders.').waitFor();
        await page.getByLabel('Group by').selectOption('');
        await page.getByRole('button', { name: 'Remove the filter Vhost' }).click();
        await page.getByText('1 connection', { exact: true }).waitFor();
        assert.equal(await choice.inputValue(), '');

        // What is linked to is there, whichever is chosen.
        await choice.selectOption('orders');
        await page.getByText('No client is connected').waitFor();
        await test.go(page, 'users', 'guest');
        await page.getByRole('link', { name: 'Its connections' }).click();
        await page.getByText('1 connection', { exact: true }).waitFor();
        await test.go(page, 'vhosts', '/');
        await page.getByRole('main').getByRole('link', { name: 'Queues' }).click();
        await page.getByText('1 of 3 queues').waitFor();
        await link('jobs').waitFor();
        await page.getByRole('button', { name: 'Remove the filter Vhost' }).click();
        await page.getByText('2 of 3 queues').waitFor();
        assert.equal(await choice.inputValue(), 'orders');

        // Another operator deletes it.
        await test.api('DELETE', 'vhosts/orders');
        await test.go(page, 'exchanges');
        await choice.waitFor({ state: 'detached' });
        await test.go(page, 'queues');
        await link('jobs').waitFor();
        await connection.close();
    },

    async bindsExchanges(test) {
        await test.api('PUT', 'queues/%2F/jobs', { durable: true });
        const page = await test.signedIn();
        await test.go(page, 'exchanges');
        await page.getByRole('button', { name: 'Add exchange…' }).click();
        await page.getByLabel('Name', { exact: true }).fill('orders');
        await page.getByRole('dialog').getByLabel('Type').selectOption('topic');
        await page.getByRole('dialog').getByRole('button', { name: 'Add exchange…' }).click();
        await page.getByRole('link', { name: 'orders' }).click();
        await page.getByText('Nothing is bound').waitFor();
        await page.getByRole('button', { name: 'Bind…' }).click();
        await page.getByLabel('Its name').fill('nope');
        await page.getByRole('dialog').getByRole('button', { name: 'Bind…' }).click();
        await page.getByRole('dialog').getByRole('alert').getByText('is the name right?').waitFor();
        await page.getByLabel('Its name').fill('jobs');
        await page.getByRole('dialog').getByLabel('Routing key').fill('eu.a/b c.*');
        await page.getByRole('dialog').getByRole('button', { name: 'Bind…' }).click();
        await page.getByText('eu.a/b c.*').waitFor();
        const publish = page.locator('form.publish');
        await publish.getByLabel('Routing key').fill('us.x');
        await page.getByLabel('Body').fill('by hand');
        await page.getByLabel('Headers').fill('attempt = 3');
        await page.getByText('More properties').click();
        await page.getByLabel('Message id').fill('m-1');
        await page.getByLabel('Priority').fill('4');
        await publish.getByRole('button', { name: 'Publish' }).click();
        await page.getByRole('alert').getByText('No binding leads').waitFor();
        await publish.getByLabel('Routing key').fill('eu.a/b c.x');
        await publish.getByRole('button', { name: 'Publish' }).click();
        await page.getByText('The message is in a queue').waitFor();
        const [message] = await test.api('GET', 'queues/%2F/jobs/messages');
        assert.equal(message.payload, 'by hand');
        assert.deepEqual(message.properties, {
            delivery_mode: 2,
            headers: { attempt: 3 },
            message_id: 'm-1',
            priority: 4,
        });
        await page.getByRole('button', { name: 'Unbind…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Unbind…' }).click();
        await page.getByText('Nothing is bound').waitFor();
        await page.getByRole('button', { name: 'Delete…' }).click();
        await page.getByRole('dialog').getByLabel('Type orders').fill('orders');
        await page.getByRole('dialog').getByRole('button', { name: 'Delete…' }).click();
        await page.getByRole('heading', { name: 'Exchanges' }).waitFor();

        // A reader who has gone on meanwhile is not fetched back.
        await test.api('PUT', 'exchanges/%2F/slow', { type: 'topic', durable: true });
        await test.go(page, 'exchanges', '/', 'slow');
        let answer;
        const asked = new Promise((asked) =>
            page.route('**/api/exchanges/%2F/slow', (route) => {
                if (route.request().method() !== 'DELETE') return route.continue();
                answer = () => route.continue();
                return asked();
            }),
        );
        await page.getByRole('button', { name: 'Delete…' }).click();
        await page.getByRole('dialog').getByLabel('Type slow').fill('slow');
        await page.getByRole('dialog').getByRole('button', { name: 'Delete…' }).click();
        await asked;
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await test.go(page, 'queues');
        await answer();
        await page.getByText('The exchange is deleted').waitFor();
        await page.getByRole('heading', { name: 'Queues' }).waitFor();
    },

    async showsAnyName(test) {
        const strange = `it's "$&"`;
        for (const name of [' ', strange]) await test.api('PUT', `queues/%2F/${encodeURIComponent(name)}`, {});
        const page = await test.signedIn();
        await test.go(page, 'queues');
        await page.getByRole('link', { name: '" "', exact: true }).waitFor();
        await page.getByRole('link', { name: strange }).click();
        await page.getByRole('button', { name: 'Python' }).click();
        await page.getByText(`channel.basic_consume('it\\'s "$&"',`).waitFor();
        await page.getByRole('button', { name: 'Go', exact: true }).click();
        await page.getByText('channel.Consume("it\'s \\"$&\\"",').waitFor();
        // A browser takes these for folders, and asks for something else.
        for (const name of ['.', '..']) {
            await test.go(page, 'vhosts', name);
            await page.getByRole('alert').getByText('HTTP knows nothing by the name of').waitFor();
        }
    },
};
