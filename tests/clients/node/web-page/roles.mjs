// Who sees and may do what.
import assert from 'node:assert/strict';
import { worker } from './worker.mjs';

export const roles = {
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

    // What is in the navigation, and what the page of another's channel offers.
    async showsARoleWhatItMay(test) {
        const everybody = [
            'Overview',
            'Connections',
            'Channels',
            'Consumers',
            'Queues',
            'Exchanges',
            'Closed',
            'Policies',
            'Limits',
            'Virtual hosts',
            'Audit',
        ];
        const administrators = [...everybody, 'Users', 'Parameters', 'Definitions', 'Node', 'Configuration', 'Logs'];
        const roles = {
            administrator: administrators,
            monitoring: [...everybody, 'Node'],
            policymaker: [...everybody, 'Parameters'],
            management: everybody,
        };
        const { connection, name } = await worker(test);
        for (const [tags, expected] of Object.entries(roles)) {
            await test.api('PUT', 'users/reader', { password: 'secret', tags });
            await test.api('PUT', 'permissions/%2F/reader', { configure: '', write: '', read: '' });
            const page = await test.open();
            await test.signIn(page, 'reader', 'secret');
            await page.getByText('Running for').waitFor();
            const shown = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
            assert.deepEqual(shown.sort(), [...expected].sort(), tags);

            await test.go(page, 'channels', `${name} (1)`);
            if (tags === 'administrator' || tags === 'monitoring') {
                await page.getByText('jobs-consumer').waitFor();
                const actions = await page.getByRole('button', { name: /Close…|Prefetch…|Cancel…|Record/ }).count();
                assert.equal(actions > 0, tags === 'administrator', tags);
            } else {
                // It is another's.
                await page.getByRole('alert').getByText('User not authorised to access object').waitFor();
                await page.getByRole('alert').getByText('an administrator can give it a tag').waitFor();
                await test.go(page, 'connections');
                await page.getByText('No client is connected that your user may see').waitFor();
            }
            await test.go(page, 'policies');
            await page.getByText('None. A policy gives').waitFor();
            const maySet = tags === 'administrator' || tags === 'policymaker';
            assert.equal(await page.getByRole('button', { name: 'Add policy…' }).count(), maySet ? 1 : 0, tags);
            await test.go(page, 'users', 'reader');
            await page
                .getByRole('heading', { name: tags === 'administrator' ? 'reader' : 'There is no such page' })
                .waitFor();
            // New tags count where it goes next.
            await test.api('PUT', 'users/reader', { password: 'secret', tags: 'management' });
            await test.go(page, 'queues');
            await page
                .getByRole('navigation', { name: 'Pages' })
                .getByRole('link', { name: /^(Users|Node|Parameters)$/ })
                .first()
                .waitFor({ state: 'detached' });
            await page.context().close();
        }
        await connection.close();
    },

    async refusesInWords(test) {
        await test.api('PUT', 'queues/%2F/jobs', { durable: true });
        await test.api('PUT', 'users/reader', { password: 'secret', tags: '' });
        const page = await test.open();
        await test.signIn(page, 'reader', 'secret');
        await page.getByRole('alert').getByText('reader may use AMQP, but not this page').waitFor();

        await test.api('PUT', 'users/reader', { password: 'secret', tags: 'management' });
        await test.api('PUT', 'permissions/%2F/reader', { configure: '^own', write: '', read: '' });
        await test.signIn(page, 'reader', 'secret');
        await test.go(page, 'queues', '/', 'jobs');
        const dialog = page.getByRole('dialog');
        await page.getByRole('button', { name: 'Purge…' }).click();
        await dialog.getByRole('button', { name: 'Purge…' }).click();
        await dialog.getByRole('alert').getByText("read access to queue 'jobs'").waitFor();
        await dialog.getByText('an administrator can give it').waitFor();
        await page.keyboard.press('Escape');
        await page.locator('form.publish').getByRole('button', { name: 'Publish' }).click();
        await page.locator('form.publish').getByRole('alert').getByText('access').waitFor();
        await test.go(page, 'queues');
        await page.getByRole('button', { name: 'Add queue…' }).click();
        await dialog.getByLabel('Name', { exact: true }).fill('others');
        await dialog.getByRole('button', { name: 'Add queue…' }).click();
        await dialog.getByRole('alert').getByText("configure access to queue 'others'").waitFor();
        await dialog.getByLabel('Name', { exact: true }).fill('own');
        await dialog.getByRole('button', { name: 'Add queue…' }).click();
        await page.getByRole('link', { name: 'own', exact: true }).waitFor();
        // What it has no tag for is not shown, and refused where its address is known.
        await test.api('PUT', 'users/reader', { password: 'secret', tags: '' });
        await page.getByText('Not management user').or(page.getByText('no longer takes')).first().waitFor();
    },
};
