// 9,999 connections that somebody else has opened before, and one of a program that leaks channels.
import assert from 'node:assert/strict';

export const crowd = {
    async findsOneOfTenThousand(test) {
        const leaking = await test.connect('leaking');
        for (let number = 0; number < 40; number++) await leaking.createChannel();
        const page = await test.signedIn();
        const row = (index) => page.locator(`tr[aria-rowindex="${index + 2}"]`);
        const drawsAScreenful = async () => {
            const drawn = await page.locator('tbody tr').count();
            assert.ok(drawn > 10 && drawn < 60, `${drawn} rows are drawn`);
        };
        const scrollTo = (part) =>
            page
                .locator('.scroll')
                .evaluate((box, to) => (box.scrollTop = (box.scrollHeight - box.clientHeight) * to), part);

        await test.go(page, 'connections');
        await page.getByText('10,000 connections').first().waitFor();
        await page.getByRole('columnheader', { name: 'Channels' }).getByRole('button').click();
        await row(0).getByText('leaking').waitFor();
        await drawsAScreenful();

        // And the other way round it is the very last.
        await page.getByRole('columnheader', { name: 'Channels' }).getByRole('button').click();
        await row(0).getByText('perf connection-count').waitFor();
        await scrollTo(1);
        await row(9_999).getByText('leaking').waitFor();
        await drawsAScreenful();
        await scrollTo(0.5);
        await row(5_000).getByRole('link').waitFor();
        assert.equal(await row(9_999).count(), 0);
        await drawsAScreenful();
        await test.isSound(page, '10,000 connections');

        await page.getByLabel('Group by').selectOption('Application');
        await page.getByText('2 groups').waitFor();
        await page.getByRole('row', { name: /^perf connection-count 9,999 9,999 / }).waitFor();
        await page
            .getByRole('row', { name: /^leaking 1 40 / })
            .getByRole('link')
            .click();
        await page.getByText('1 of 10,000 connections').waitFor();
        await page.getByRole('button', { name: 'Remove the filter' }).click();
        await page.getByText('10,000 connections').first().waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type('leak');
        await page.getByText('1 of 10,000 connections').waitFor();
        await page.getByRole('link', { name: 'leaking' }).click();
        await page.getByRole('heading', { level: 1, name: 'leaking' }).waitFor();
        await page.getByText('40 channels', { exact: true }).waitFor();
    },
};
