// The log of a broker that is a process of its own.
import assert from 'node:assert/strict';
import { once } from 'node:events';

/** A mistake that closes a channel, of which the broker logs an error with the name. */
async function mistake(connection, name) {
    const channel = await connection.createChannel();
    const failed = once(channel, 'error').catch((error) => [error]);
    await assert.rejects(channel.checkQueue(name));
    await failed;
}

export const logs = {
    async followsTheLog(test) {
        const connection = await test.connect('worker');
        await mistake(connection, 'before');
        const page = await test.signedIn();
        const lines = page.locator('.log tbody tr');
        const line = (name) => lines.filter({ hasText: `no queue '${name}'` });
        await test.go(page, 'logs');
        await line('before').waitFor();
        await page.getByRole('row', { name: /info server ready/ }).waitFor();
        await mistake(connection, 'now');
        await line('now').waitFor();
        await line('now').getByText('error', { exact: true }).waitFor();
        // The newest is on top, each once.
        await lines.first().filter({ hasText: "no queue 'now'" }).waitFor();
        assert.equal(await line('before').count(), 1);
        await test.isSound(page, 'the log');

        // By level: only what is as bad, before and from now on.
        await page.getByLabel('At least').selectOption('error');
        await page.getByText('2 lines').waitFor();
        await mistake(connection, 'other');
        await line('other').waitFor();
        assert.equal(await lines.count(), 3);

        // By text, in all columns, those that come too.
        await page.keyboard.press('/');
        await page.keyboard.type("queue 'oth");
        await page.getByText('1 lines').waitFor();
        await mistake(connection, 'another');
        await mistake(connection, 'other too');
        await line('other too').waitFor();
        assert.equal(await lines.count(), 2);
        await page.getByLabel('Only lines with').fill('nothing of the kind');
        await page.getByText('None of 5 lines has that').waitFor();
        await page.getByLabel('Only lines with').fill('');
        await page.getByText('5 lines').waitFor();

        // A page that is stopped stays as it is, and has all again when it goes on.
        await page.getByRole('button', { name: 'Live' }).click();
        await page.getByRole('button', { name: 'Paused' }).waitFor();
        await mistake(connection, 'missed');
        assert.match(await test.text('logs?level=error'), /no queue 'missed'/);
        assert.equal(await lines.count(), 5);
        await page.getByRole('button', { name: 'Paused' }).click();
        await line('missed').waitFor();
        assert.equal(await lines.count(), 6);

        // Nor is a tab followed for that nobody sees.
        const show = (isHidden) =>
            page.evaluate((hidden) => {
                Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
                document.dispatchEvent(new Event('visibilitychange'));
            }, isHidden);
        const ended = page.waitForEvent('requestfailed', (request) => request.url().includes('livelog'));
        await show(true);
        await ended;
        await mistake(connection, 'unseen');
        assert.match(await test.text('logs?level=error'), /no queue 'unseen'/);
        await show(false);
        await line('unseen').waitFor();
        assert.equal(await lines.count(), 7);

        // One that is opened while it is stopped says why there is nothing.
        await page.getByRole('button', { name: 'Live' }).click();
        await test.go(page, 'definitions');
        await page.getByRole('heading', { name: 'Definitions' }).waitFor();
        await test.go(page, 'logs');
        await page.getByText('Paused: lines are read').waitFor();
    },
};
