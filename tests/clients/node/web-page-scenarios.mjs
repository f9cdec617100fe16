// What readers of the web page do.
import assert from 'node:assert/strict';
import { once } from 'node:events';

// The parts of the address of every page, once there are a connection and a channel, and what its title is.
const pagesOf = (connection) => [
    [[], 'Overview'],
    [['connections'], 'Connections'],
    [['connections', connection], 'worker'],
    [['channels'], 'Channels'],
    [['channels', `${connection} (1)`], 'Channel 1'],
    [['consumers'], 'Consumers'],
    [['queues'], 'Queues'],
    [['queues', '/', 'jobs'], 'jobs'],
    [['exchanges'], 'Exchanges'],
    [['exchanges', '/', 'amq.topic'], 'amq.topic'],
    [['closed'], 'Closed channels'],
    [['policies'], 'Policies'],
    [['limits'], 'Limits'],
    [['vhosts'], 'Virtual hosts'],
    [['users'], 'Users'],
    [['users', 'guest'], 'guest'],
    [['definitions'], 'Definitions'],
    [['logs'], 'Logs'],
    [['memory'], 'Memory'],
    [['audit'], 'Audit'],
];

async function worker(test) {
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

async function everyPage(test, colorScheme, width) {
    const { connection, name } = await worker(test);
    const page = await test.open({ width, colorScheme });
    await test.isSound(page, 'sign-in');
    await test.signIn(page);
    for (const [parts, title] of pagesOf(name)) {
        await test.go(page, ...parts);
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
        await page.locator('.waiting').first().waitFor({ state: 'detached' });
        await test.isSound(page, title);
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Help' }).waitFor();
    await test.isSound(page, 'Help');
    await connection.close();
}

export const scenarios = {
    everyPageInLight: (test) => everyPage(test, 'light', 1280),
    everyPageInDark: (test) => everyPage(test, 'dark', 1280),
    everyPageInLightAndNarrow: (test) => everyPage(test, 'light', 400),
    everyPageInDarkAndNarrow: (test) => everyPage(test, 'dark', 400),

    async signsInAndOut(test) {
        const page = await test.open();
        await test.signIn(page, 'guest', 'wrong');
        await page.getByRole('alert').getByText('Name or password is wrong').waitFor();
        await test.signIn(page);
        await page.getByRole('heading', { name: 'Overview' }).waitFor();
        await page.reload();
        await page.getByRole('heading', { name: 'Overview' }).waitFor();
        await page.getByRole('button', { name: 'Sign out' }).click();
        await page.getByRole('button', { name: 'Sign in' }).waitFor();
        assert.equal(await page.evaluate(() => sessionStorage.length), 0);
    },

    async showsARoleWhatItMay(test) {
        for (const tags of ['management', 'monitoring', 'policymaker', '']) {
            await test.api('PUT', 'users/reader', { password: 'secret', tags });
            await test.api('PUT', 'permissions/%2F/reader', { configure: '', write: '', read: '' });
            const page = await test.open();
            await test.signIn(page, 'reader', 'secret');
            if (tags === '') {
                await page.getByRole('alert').getByText('not this page').waitFor();
            } else {
                await page.getByText('Running for').waitFor();
                assert.equal(await page.getByText('Listeners').count(), tags === 'monitoring' ? 1 : 0, tags);
            }
            await page.context().close();
        }
        const { connection, name } = await worker(test);
        await test.api('PUT', 'users/reader', { password: 'secret', tags: 'monitoring' });
        const page = await test.open();
        await test.signIn(page, 'reader', 'secret');
        await test.go(page, 'channels', `${name} (1)`);
        await page.getByText('jobs-consumer').waitFor();
        assert.equal(await page.getByRole('button', { name: /Close…|Prefetch…|Cancel…|Record/ }).count(), 0);
        await connection.close();
    },

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
        await page.getByRole('link', { name: 'billing' }).click();
        await page.getByText('2 of 3 connections').waitFor();
        await page.getByRole('button', { name: 'Remove the filter' }).click();
        await page.getByText('3 connections').first().waitFor();
        await Promise.all(all.map((connection) => connection.close()));
    },

    async showsWhatAClientSends(test) {
        const { connection, channel, name } = await worker(test);
        const page = await test.signedIn();
        await test.go(page, 'channels', `${name} (1)`);
        await page.getByRole('button', { name: 'Record' }).click();
        await page.getByText('Nothing has passed yet.').waitFor();
        channel.once('error', () => undefined);
        await channel.assertQueue('second');
        await assert.rejects(channel.checkQueue('missing'));
        await page.getByRole('button', { name: 'queue.declare', exact: true }).first().waitFor();
        await page.getByRole('alert').getByText('This channel is gone').waitFor();
        await page.locator('.timeline .error').getByText("no queue 'missing'").waitFor();
        await test.isSound(page, 'timeline');
        await connection.close();
    },

    async managesAChannel(test) {
        const { connection, channel, name } = await worker(test);
        channel.once('error', () => undefined);
        const page = await test.signedIn();
        await test.go(page, 'channels', `${name} (1)`);
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
        await page.getByText('1 queues', { exact: true }).waitFor();
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
        await page.getByRole('dialog').getByRole('alert').waitFor();
        await page.getByLabel('Its name').fill('jobs');
        await page.getByRole('dialog').getByLabel('Routing key').fill('eu.a/b c.*');
        await page.getByRole('dialog').getByRole('button', { name: 'Bind…' }).click();
        await page.getByText('eu.a/b c.*').waitFor();
        const publish = page.locator('form.publish');
        await publish.getByLabel('Routing key').fill('us.x');
        await page.getByLabel('Body').fill('by hand');
        await page.getByLabel('Headers').fill('attempt = 3');
        await publish.getByRole('button', { name: 'Publish' }).click();
        await page.getByRole('alert').getByText('No binding leads').waitFor();
        await publish.getByLabel('Routing key').fill('eu.a/b c.x');
        await publish.getByRole('button', { name: 'Publish' }).click();
        await page.getByText('The message is in a queue').waitFor();
        const [message] = await test.api('GET', 'queues/%2F/jobs/messages');
        assert.equal(message.payload, 'by hand');
        assert.deepEqual(message.properties, { delivery_mode: 2, headers: { attempt: 3 } });
        await page.getByRole('button', { name: 'Unbind…' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Unbind…' }).click();
        await page.getByText('Nothing is bound').waitFor();
        await page.getByRole('button', { name: 'Delete…' }).click();
        await page.getByRole('dialog').getByLabel('Type orders').fill('orders');
        await page.getByRole('dialog').getByRole('button', { name: 'Delete…' }).click();
        await page.getByRole('heading', { name: 'Exchanges' }).waitFor();
    },

    async managesUsersAndVirtualHosts(test) {
        const page = await test.signedIn();
        const dialog = page.getByRole('dialog');
        await test.go(page, 'vhosts');
        await page.getByRole('button', { name: 'Add virtual host…' }).click();
        await dialog.getByLabel('Name', { exact: true }).fill('team a');
        await dialog.getByRole('button', { name: 'Add virtual host…' }).click();
        const row = page.getByRole('row', { name: /team a/ });
        await row.getByRole('button', { name: 'Protect', exact: true }).click();
        await row.getByText('protected').waitFor();
        await row.getByRole('button', { name: 'Unprotect' }).click();
        await row.getByRole('button', { name: 'Delete…' }).waitFor();

        await test.go(page, 'users');
        await page.getByRole('button', { name: 'Add user…' }).click();
        await dialog.getByLabel('Name', { exact: true }).fill('app');
        await dialog.getByLabel('Password').fill('secret');
        await dialog.getByRole('button', { name: 'Add user…' }).click();
        await page.getByRole('link', { name: 'app', exact: true }).click();
        await page.getByText('None: it cannot connect').waitFor();
        await page.getByRole('button', { name: 'Set…' }).first().click();
        await dialog.getByLabel('Virtual host').selectOption('team a');
        await dialog.getByLabel('Write').fill('^app');
        await dialog.getByRole('button', { name: 'Set…' }).click();
        await page.getByText('^app').waitFor();
        await page.getByRole('button', { name: 'Tags…' }).click();
        await dialog.getByLabel('Tags').fill('monitoring');
        await dialog.getByRole('button', { name: 'Tags…' }).click();
        await page.locator('header.title').getByText('monitoring').waitFor();
        await page.getByRole('button', { name: 'Set a limit…' }).click();
        await dialog.getByLabel('At most').fill('5');
        await dialog.getByRole('button', { name: 'Set a limit…' }).click();
        await page.getByRole('cell', { name: /^5 / }).waitFor();
        // Its password has stayed.
        const other = await test.open();
        await test.signIn(other, 'app', 'secret');
        await other.getByText('Running for').waitFor();
        await page.getByRole('button', { name: 'Delete…' }).click();
        await dialog.getByLabel('Type app').fill('app');
        await dialog.getByRole('button', { name: 'Delete…' }).click();
        await page.getByText('1 users').waitFor();
        await other.getByRole('alert').getByText('no longer takes').waitFor();

        await test.go(page, 'audit');
        await page.getByText('delete user').first().waitFor();
    },

    async setsPolicies(test) {
        await test.api('PUT', 'queues/%2F/orders', { durable: true });
        const page = await test.signedIn();
        const dialog = page.getByRole('dialog');
        await test.go(page, 'policies');
        await page.getByRole('button', { name: 'Add policy…' }).click();
        await dialog.getByLabel('Name', { exact: true }).fill('short');
        await dialog.getByLabel('Names that match').fill('^ord');
        await dialog.getByLabel('Settings').fill('max-lenght = 5');
        await dialog.getByRole('button', { name: 'Add policy…' }).click();
        await dialog.getByRole('alert').getByText('max-lenght').waitFor();
        await dialog.getByLabel('Settings').fill('max-length = 5');
        await dialog.getByRole('button', { name: 'Add policy…' }).click();
        await page.getByText('max-length=5').waitFor();
        assert.equal((await test.api('GET', 'queues/%2F/orders')).policy, 'short');
        await page.getByRole('button', { name: 'Delete…' }).click();
        await dialog.getByRole('button', { name: 'Delete…' }).click();
        await page.getByText('None. A policy gives').waitFor();
    },

    async importsDefinitionsAfterALook(test) {
        const page = await test.signedIn();
        await test.go(page, 'definitions');
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name: 'Download' }).click();
        assert.match((await download).suggestedFilename(), /\.json$/);
        const queues = [{ name: 'new', vhost: '/', durable: true, auto_delete: false, arguments: {} }];
        await page.getByLabel('A file of').setInputFiles({
            name: 'some.json',
            mimeType: 'application/json',
            buffer: Buffer.from(JSON.stringify({ queues })),
        });
        await page.getByRole('cell', { name: 'added' }).waitFor();
        assert.deepEqual(await test.api('GET', 'queues'), []);
        await page.getByRole('button', { name: 'Import' }).click();
        await page.getByText('The definitions are imported').waitFor();
        assert.equal((await test.api('GET', 'queues')).length, 1);
    },

    // Two pages of the API meet where the reader scrolls, and only what is in sight is drawn.
    async drawsOnlyWhatIsInSight(test) {
        const count = 450;
        const connection = await test.connect('many');
        for (let number = 0; number < count; number++) await connection.createChannel();
        const page = await test.signedIn();
        await test.go(page, 'channels');
        await page.getByText(`${count} channels`).first().waitFor();
        await page.getByRole('columnheader', { name: 'Channel', exact: true }).getByRole('button').click();
        await page.getByRole('link', { name: /\(1\)$/ }).waitFor();
        await page.locator('.scroll').evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
        await page.getByRole('link', { name: new RegExp(`\\(${count / 2}\\)$`) }).waitFor();
        await page.locator('.scroll').evaluate((box) => (box.scrollTop = box.scrollHeight));
        await page.getByRole('link', { name: new RegExp(`\\(${count}\\)$`) }).waitFor();
        assert.ok((await page.locator('tbody tr').count()) < 100);
        await connection.close();
        await page.getByText('No channel is open').waitFor();
    },

    // What was before the page was opened is there at once, as far back as the reader chooses.
    async drawsWhatWasBefore(test) {
        const { connection, channel, name } = await worker(test);
        const sampled = async (path, field) => {
            const [group, figure] = field.split('.');
            const found = await test.api('GET', `${path}?msg_rates_age=60&msg_rates_incr=5`);
            return found[group][`${figure}_details`].samples.filter(({ sample }) => sample > 0).length > 1;
        };
        for (let isIt = false; !isIt; ) {
            await channel.checkQueue('jobs');
            isIt = await sampled(`channels/${encodeURIComponent(`${name} (1)`)}`, 'message_stats.publish');
        }
        const began = new Date().toISOString();
        const page = await test.signedIn();
        for (const parts of [[], ['connections', name], ['channels', `${name} (1)`], ['queues', '/', 'jobs']]) {
            await test.go(page, ...parts);
            await page.waitForFunction(
                (then) => document.querySelector('.chart .unseen time')?.dateTime < then,
                began,
            );
        }
        await page.getByRole('button', { name: '1 day' }).click();
        await page.reload();
        assert.equal(await page.getByRole('button', { name: '1 day' }).getAttribute('aria-pressed'), 'true');
        await connection.close();
    },

    async goesByKeysAndRemembersColumns(test) {
        const connection = await test.connect('worker');
        const page = await test.signedIn();
        await page.keyboard.press('g');
        await page.keyboard.press('c');
        await page.getByRole('columnheader', { name: 'User' }).waitFor();
        await page.getByText('Columns', { exact: true }).click();
        await page.getByLabel('User', { exact: true }).uncheck();
        await page.getByRole('columnheader', { name: 'User' }).waitFor({ state: 'detached' });
        await page.reload();
        await page.getByRole('columnheader', { name: 'Channels' }).waitFor();
        assert.equal(await page.getByRole('columnheader', { name: 'User' }).count(), 0);
        await page.keyboard.press('p');
        await page.getByRole('button', { name: 'Paused' }).waitFor();
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await connection.close();
    },
};
