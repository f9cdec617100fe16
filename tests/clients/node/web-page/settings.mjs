// What is set, by whom, and the node.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';

export const settings = {
    async managesUsersAndVirtualHosts(test) {
        const page = await test.signedIn();
        const dialog = page.getByRole('dialog');
        await test.go(page, 'vhosts');
        await page.getByRole('button', { name: 'Add virtual host…' }).click();
        await dialog.getByLabel('Name', { exact: true }).fill('team a');
        await dialog.getByRole('button', { name: 'Add virtual host…' }).click();
        const row = page.getByRole('row', { name: /team a/ });
        await row.waitFor();
        // What is there already is not overwritten.
        await page.getByRole('button', { name: 'Add virtual host…' }).click();
        await dialog.getByLabel('Name', { exact: true }).fill('team a');
        await dialog.getByRole('button', { name: 'Add virtual host…' }).click();
        await dialog.getByRole('alert').getByText('There is a virtual host team a already').waitFor();
        await page.keyboard.press('Escape');
        await row.getByRole('button', { name: 'Protect', exact: true }).click();
        await row.getByText('protected').waitFor();
        await row.getByRole('button', { name: 'Unprotect' }).click();
        await row.getByRole('button', { name: 'Delete…' }).waitFor();

        await test.go(page, 'users');
        await page.getByRole('button', { name: 'Add user…' }).click();
        await dialog.getByLabel('Password').fill('secret');
        await dialog.getByLabel('Name', { exact: true }).fill('guest');
        await dialog.getByRole('button', { name: 'Add user…' }).click();
        await dialog.getByRole('alert').getByText('There is a user guest already').waitFor();
        await dialog.getByLabel('Name', { exact: true }).fill('app');
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
        await page.getByText('1 user', { exact: true }).waitFor();
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
        await dialog.getByLabel('Settings').fill('message-ttl = 60000');
        await dialog.getByRole('button', { name: 'max-length', exact: true }).click();
        await page.keyboard.type('5');
        await test.isSound(page, 'Add policy');
        await dialog.getByRole('button', { name: 'Add policy…' }).click();
        await page.getByText('message-ttl=60000 (1 min), max-length=5').waitFor();
        assert.equal((await test.api('GET', 'queues/%2F/orders')).policy, 'short');
        // What looks like a number and is text stays that when nobody touches it.
        const definition = { 'dead-letter-routing-key': '123', 'max-length': 5 };
        await test.api('PUT', 'policies/%2F/short', { pattern: '^ord', priority: 0, 'apply-to': 'all', definition });
        await page.getByText('dead-letter-routing-key=123').waitFor();
        await page.getByRole('button', { name: 'Change…' }).click();
        await dialog.getByLabel('Priority').fill('7');
        await dialog.getByRole('button', { name: 'Change…' }).click();
        await dialog.waitFor({ state: 'detached' });
        const [changed] = await test.api('GET', 'policies');
        assert.equal(changed.priority, 7);
        assert.deepEqual(changed.definition, definition);
        await page.getByRole('button', { name: 'Add policy…' }).click();
        await dialog.getByLabel('Name', { exact: true }).fill('short');
        await dialog.getByLabel('Names that match').fill('.');
        await dialog.getByLabel('Settings').fill('max-length = 1');
        await dialog.getByRole('button', { name: 'Add policy…' }).click();
        await dialog.getByRole('alert').getByText('There is a policy short in / already').waitFor();
        await page.keyboard.press('Escape');
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
        // Whoever chooses anew may choose the same file.
        const input = page.getByLabel('A file of');
        await input.setInputFiles({ name: 'half.json', mimeType: 'application/json', buffer: Buffer.from('{') });
        await page.getByRole('alert').getByText('That is not JSON').waitFor();
        const chooser = page.waitForEvent('filechooser');
        await input.click();
        await chooser;
        assert.equal(await input.inputValue(), '');
        const queues = [{ name: 'new', vhost: '/', durable: true, auto_delete: false, arguments: {} }];
        await input.setInputFiles({
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

    async setsParametersAndLimits(test) {
        const page = await test.signedIn();
        const dialog = page.getByRole('dialog');
        await test.go(page, 'parameters');
        await page.getByRole('button', { name: 'Add parameter…' }).click();
        await dialog.getByLabel('Component').fill('shop');
        await dialog.getByLabel('Name', { exact: true }).fill('colours');
        await dialog.getByLabel('Value').fill('{"accent": "teal"}');
        await dialog.getByRole('button', { name: 'Add parameter…' }).click();
        await page.getByText('{"accent":"teal"}').waitFor();
        await page.getByRole('button', { name: 'Add parameter…' }).click();
        await dialog.getByLabel('Component').fill('shop');
        await dialog.getByLabel('Name', { exact: true }).fill('colours');
        await dialog.getByLabel('Value').fill('5');
        await dialog.getByRole('button', { name: 'Add parameter…' }).click();
        await dialog.getByRole('alert').getByText('There is a parameter colours').waitFor();
        await page.keyboard.press('Escape');
        assert.deepEqual((await test.api('GET', 'parameters/shop/%2F/colours')).value, { accent: 'teal' });
        await page.getByRole('button', { name: 'Delete…' }).click();
        await dialog.getByRole('button', { name: 'Delete…' }).click();
        await page.getByText('None. Tools keep').waitFor();
        await page.getByRole('button', { name: 'Add global parameter…' }).click();
        await dialog.getByLabel('Name', { exact: true }).fill('contact');
        await dialog.getByLabel('Value').fill('operators');
        await dialog.getByRole('button', { name: 'Add global parameter…' }).click();
        const row = page.getByRole('row', { name: /contact/ });
        await row.getByRole('button', { name: 'Change…' }).click();
        await dialog.getByLabel('Value').fill('5');
        await dialog.getByRole('button', { name: 'Change…' }).click();
        await row.getByText('5', { exact: true }).waitFor();
        assert.equal((await test.api('GET', 'global-parameters/contact')).value, 5);

        await test.go(page, 'limits');
        await page.getByRole('button', { name: 'Set a limit…' }).first().click();
        await dialog.getByLabel('At most').fill('7');
        await dialog.getByRole('button', { name: 'Set a limit…' }).click();
        await page.getByRole('cell', { name: /^7 / }).waitFor();
        await page.getByRole('button', { name: 'Remove…' }).click();
        await dialog.getByRole('button', { name: 'Remove…' }).click();
        await page.getByText('None of its own').first().waitFor();
    },

    async looksAtAVirtualHost(test) {
        const page = await test.signedIn();
        const dialog = page.getByRole('dialog');
        await test.go(page, 'vhosts', '/');
        await page.getByRole('link', { name: 'guest' }).waitFor();
        await page.getByRole('button', { name: 'Test…' }).click();
        await dialog.getByRole('button', { name: 'Test…' }).click();
        await page.getByText('A message went in and came out').waitFor();
        await page.getByRole('button', { name: 'Change…' }).click();
        await dialog.getByLabel('Description').fill('where all is');
        await dialog.getByRole('button', { name: 'Change…' }).click();
        await page.getByText('where all is').waitFor();
        await page.getByRole('button', { name: 'Protect', exact: true }).click();
        await page.locator('header.title').getByText('protected').waitFor();

        await test.api('PUT', 'users/app', { password: 'secret', tags: '' });
        const section = (title) =>
            page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) });
        for (const title of ['Permissions', 'Topic permissions']) {
            const rights = section(title);
            await rights.getByRole('button', { name: 'Set…' }).click();
            await dialog.getByLabel('User').fill('nobody');
            await dialog.getByLabel('Write').fill('^app');
            await dialog.getByRole('button', { name: 'Set…' }).click();
            await dialog.getByRole('alert').getByText('There is no user').waitFor();
            await dialog.getByLabel('User').fill('app');
            await dialog.getByRole('button', { name: 'Set…' }).click();
            const row = rights.getByRole('row', { name: /^app .*\^app/ });
            await row.waitFor();
            await row.getByRole('button', { name: 'Take away…' }).click();
            await dialog.getByRole('button', { name: 'Take away…' }).click();
            await row.waitFor({ state: 'detached' });
        }
        const topics = section('Topic permissions');
        await topics.getByRole('button', { name: 'Set…' }).click();
        await dialog.getByLabel('User').fill('app');
        await dialog.getByLabel('Topic exchange').fill('');
        await dialog.getByRole('button', { name: 'Set…' }).click();
        await topics
            .getByRole('row', { name: /^app \(default\)/ })
            .getByRole('button', { name: 'Take away…' })
            .click();
        await dialog.getByRole('heading', { name: 'of app on (default)?' }).waitFor();
        await dialog.getByRole('button', { name: 'Take away…' }).click();
        await topics.getByText('None: all may use').waitFor();
    },

    async managesManyUsers(test) {
        for (const name of ['one', 'two', 'three'])
            await test.api('PUT', `users/${name}`, { password: 'secret', tags: '' });
        const page = await test.signedIn();
        const dialog = page.getByRole('dialog');
        await test.go(page, 'users');
        await page.getByText('4 users').waitFor();
        await page.getByRole('button', { name: 'Delete several…' }).click();
        await dialog.getByLabel('Names').fill('one\n two \n');
        await dialog.getByRole('button', { name: 'Delete several…' }).click();
        await page.getByText('2 users').waitFor();
        await page.getByRole('button', { name: 'Hash a password…' }).click();
        await dialog.getByLabel('Password').fill('secret');
        await dialog.getByRole('button', { name: 'Hash a password…' }).click();
        const hash = await dialog.locator('pre').textContent();
        await test.api('PUT', 'users/hashed', { password_hash: hash, tags: 'management' });
        const other = await test.open();
        await test.signIn(other, 'hashed', 'secret');
        await other.getByText('Running for').waitFor();

        // Other tags leave the password, however it is hashed.
        await page.keyboard.press('Escape');
        const salt = Buffer.from([1, 2, 3, 4]);
        const digest = createHash('sha512').update(salt).update('secret').digest();
        await test.api('PUT', 'users/longer', {
            password_hash: Buffer.concat([salt, digest]).toString('base64'),
            hashing_algorithm: 'rabbit_password_hashing_sha512',
            tags: '',
        });
        await test.go(page, 'users', 'longer');
        await page.getByRole('button', { name: 'Tags…' }).click();
        await dialog.getByLabel('Tags').fill('management');
        await dialog.getByRole('button', { name: 'Tags…' }).click();
        await page.locator('header.title').getByText('management').waitFor();
        const third = await test.open();
        await test.signIn(third, 'longer', 'secret');
        await third.getByText('Running for').waitFor();
    },

    async managesTheNode(test) {
        const connection = await test.connect('worker');
        connection.on('error', () => undefined);
        const page = await test.signedIn();
        const dialog = page.getByRole('dialog');
        await test.go(page, 'node');
        await page.getByRole('meter', { name: 'Memory' }).waitFor();
        await page.getByText('What the memory is for').waitFor();
        await page.getByRole('button', { name: 'Give memory back…' }).click();
        await dialog.getByRole('button', { name: 'Give memory back…' }).click();
        await page.getByText('What could be given back is').waitFor();
        await page.getByRole('button', { name: 'Name…' }).click();
        await dialog.getByLabel('Name of the cluster').fill('the shop');
        await dialog.getByRole('button', { name: 'Name…' }).click();
        await page.getByText('Node of the shop').waitFor();
        await page.locator('.broker').getByText('the shop').waitFor();
        await page.getByRole('button', { name: 'Count anew…' }).click();
        await dialog.getByRole('button', { name: 'Count anew…' }).click();
        await page.getByText('Logins are counted from now on').waitFor();
        await page.getByRole('button', { name: 'Suspend…' }).click();
        await dialog.getByRole('button', { name: 'Suspend…' }).click();
        await page.getByText('No new client is let in').waitFor();
        const suspended = page.locator('header.title').getByText('listeners suspended');
        await suspended.waitFor();
        assert.equal(await page.getByRole('button', { name: 'Suspend…' }).count(), 0);
        await assert.rejects(test.connect('late'));
        await page.getByRole('button', { name: 'Resume' }).click();
        await page.getByText('The ports are open').waitFor();
        await suspended.waitFor({ state: 'detached' });
        await page.getByRole('button', { name: 'Suspend…' }).waitFor();
        await (await test.connect('let in')).close();
        const closed = once(connection, 'close');
        await page.getByRole('button', { name: 'Drain…' }).click();
        await dialog.getByLabel('Wait at most').fill('1');
        await dialog.getByRole('button', { name: 'Drain…' }).click();
        await closed;
        await page.locator('header.title').getByText('drained').waitFor();
        await assert.rejects(test.connect('late'));
        await page.getByRole('button', { name: 'Revive' }).click();
        await page.getByText('in service').waitFor();
        await (await test.connect('again')).close();
    },

    async setsTheConfiguration(test) {
        const page = await test.signedIn();
        const dialog = page.getByRole('dialog');
        await test.go(page, 'configuration');
        await page.locator('#search').waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type('AUDIT_History');
        await page.getByText(/^1 of \d+ keys$/).waitFor();
        await page.getByRole('button', { name: 'Set…' }).click();
        await dialog.getByLabel('Value').fill('many');
        await dialog.getByRole('button', { name: 'Set…' }).click();
        await dialog.getByRole('alert').getByText("'many'").waitFor();
        await dialog.getByLabel('Value').fill('77');
        await dialog.getByRole('button', { name: 'Set…' }).click();
        await page.getByRole('row', { name: /audit_history_max 77 set by guest/ }).waitFor();
        await page.getByLabel('Only what was set').check();
        await page.getByRole('row', { name: /audit_history_max/ }).waitFor();
    },

    // What changes something over HTTP, the page does too, or it does nothing here and is there for tools of RabbitMQ.
    async reachesAllThatTheApiOffers(test) {
        const elsewhere = {
            'POST /api/login': 'the page signs in with each request',
            'DELETE /api/reset': 'as DELETE /api/auth/attempts/NODE',
            'DELETE /api/auth/attempts/{node}/source': 'as DELETE /api/auth/attempts/NODE',
            'POST /api/queues/{vhost}/{name}/actions': 'nothing to do on one node',
            'PUT /api/queues/{vhost}/{name}/restart': 'nothing to do: queues do not crash apart from the broker',
            'POST /api/vhosts/{name}/start/{node}': 'nothing to do: they are always started',
            'POST /api/rebalance/queues': 'nothing to do on one node',
            'PUT /api/feature-flags/{name}/enable': 'all are',
        };
        const reached = [
            'connections/{} channels/{} connections/username/{} consumers/{}/{}/{}/{} channels/{}/pause channels/{}/resume',
            'channels/{}/requeue channels/{}/trace connections/{}/trace drain revive auth/attempts/{} auth/hash_password',
            'cluster-name listeners/suspend listeners/resume config/effective/{} config/reload logs/rotate nodes/gc_collect nodes/{}/gc_collect reset/{}',
            'users/{} users/bulk-delete permissions/{}/{} topic-permissions/{}/{} user-limits/{}/{} vhost-limits/{}/{}',
            'vhosts/{} vhosts/{}/deletion/protection definitions definitions/{} definitions/upload definitions/{}/upload',
            'exchanges/{}/{} exchanges/{}/{}/publish bindings/{}/e/{}/{}/{} bindings/{}/e/{}/{}/{}/{} queues/{}/{}',
            'queues/{}/{}/contents queues/{}/{}/get queues/{}/{}/move queues/{}/{}/pause queues/{}/{}/resume',
            'policies/{}/{} operator-policies/{}/{} parameters/{}/{}/{} global-parameters/{} auth/hash_password/{}',
        ].flatMap((line) => line.split(' '));
        const { paths } = await test.api('GET', 'openapi.json');
        const left = Object.entries(paths).flatMap(([path, methods]) =>
            Object.keys(methods)
                .filter((method) => ['put', 'post', 'delete'].includes(method))
                .map((method) => `${method.toUpperCase()} ${path}`)
                .filter((one) => !elsewhere[one])
                .filter(() => !reached.includes(path.slice('/api/'.length).replaceAll(/\{[^}]*\}/g, '{}'))),
        );
        assert.deepEqual(left, []);
    },
};
