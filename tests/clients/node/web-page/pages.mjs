// Every page, and how one finds through them.
import assert from 'node:assert/strict';
import { worker } from './worker.mjs';

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
    [['vhosts', '/'], '/'],
    [['users'], 'Users'],
    [['users', 'guest'], 'guest'],
    [['parameters'], 'Parameters'],
    [['definitions'], 'Definitions'],
    [['logs'], 'Logs'],
    [['node'], '@'],
    [['configuration'], 'Configuration'],
    [['audit'], 'Audit'],
];

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

/** Waits until the broker has looked at the worker's channel some times. */
async function sampled(test, name) {
    const at = `channels/${encodeURIComponent(`${name} (1)`)}?msg_rates_age=60&msg_rates_incr=5`;
    for await (const { message_stats: stats } of test.follow(at)) {
        const samples = stats?.publish_details.samples ?? [];
        if (samples.filter(({ sample }) => sample > 0).length > 2) break;
    }
}

/** In the page: whether the first chart has the lines of light or dark as the style sheet has them. */
function hasGridOfTheTheme() {
    const canvas = document.querySelector('.chart canvas');
    if (!canvas) return false;
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'var(--line)';
    const [red, green, blue] = getComputedStyle(probe).color.match(/\d+/g).map(Number);
    probe.remove();
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let at = 0; at < data.length; at += 4)
        if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255) return true;
    return false;
}

export const pages = {
    everyPageInLight: (test) => everyPage(test, 'light', 1280),

    everyPageInDark: (test) => everyPage(test, 'dark', 1280),

    everyPageInLightAndNarrow: (test) => everyPage(test, 'light', 400),

    everyPageInDarkAndNarrow: (test) => everyPage(test, 'dark', 400),

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
        const menu = page.locator('details.menu[open]');
        await page.getByText('Columns', { exact: true }).click();
        await menu.waitFor();
        await page.keyboard.press('Escape');
        await menu.waitFor({ state: 'detached' });
        assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Columns');
        await page.getByText('Filter', { exact: true }).click();
        await menu.waitFor();
        await page.getByRole('heading', { name: 'Connections' }).click();
        await menu.waitFor({ state: 'detached' });
        await page.keyboard.press('p');
        await page.getByRole('button', { name: 'Paused' }).waitFor();
        // Long after a g it is no second key any more, and Shift is none at all.
        await page.keyboard.press('g');
        await page.evaluate(() => {
            const late = new KeyboardEvent('keydown', { key: 'p', bubbles: true });
            Object.defineProperty(late, 'timeStamp', { value: performance.now() + 5000 });
            document.body.dispatchEvent(late);
        });
        await page.getByRole('button', { name: 'Live', exact: true }).waitFor();
        await page.keyboard.press('g');
        await page.keyboard.press('Shift');
        await page.keyboard.press('q');
        await page.getByRole('heading', { name: 'Queues' }).waitFor();
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await page.keyboard.press('?');
        await page.getByRole('dialog').waitFor();
        await page.goBack();
        await page.getByRole('heading', { name: 'Connections' }).waitFor();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await connection.close();
    },

    // What is typed is for this list, and for as long as its address says so.
    async searchesOneListAtATime(test) {
        const connection = await test.connect('worker');
        for (const name of ['jobs', 'late']) await test.api('PUT', `queues/%2F/${name}`, { durable: true });
        const page = await test.signedIn();
        await page.clock.install();
        await test.go(page, 'queues');
        await page.getByText('2 queues').waitFor();
        const search = page.getByRole('searchbox');
        await search.fill('jobs');
        await test.go(page, 'connections');
        await page.getByText('1 connection', { exact: true }).waitFor();
        await page.clock.runFor(1000);
        assert.equal(await page.evaluate(() => location.hash), '#/connections');

        await test.go(page, 'queues');
        await search.fill('jobs');
        await page.clock.runFor(1000);
        await page.getByText('1 of 2 queues').waitFor();
        await page.getByRole('navigation').getByRole('link', { name: 'Queues' }).click();
        await page.getByText('2 queues', { exact: true }).waitFor();
        assert.equal(await search.inputValue(), '');
        await connection.close();
    },

    // The broker's clock counts, whatever the browser's says.
    async goesByTheClockOfTheBroker(test) {
        const { connection, name } = await worker(test);
        await sampled(test, name);
        const hour = 3_600_000;
        const now = Date.now();
        for (const clockIsOffBy of [-hour, hour]) {
            const page = await test.signedIn({ clockIsOffBy });
            await page.waitForFunction(
                ([from, to]) => {
                    const since = Date.parse(document.querySelector('.chart .unseen time')?.dateTime);
                    return since > from && since < to;
                },
                [now - hour / 2, now],
            );
            await test.go(page, 'connections', name);
            await page
                .locator('time', { hasText: /^\d+ (s|min) ago$/ })
                .first()
                .waitFor();
            await page.context().close();
        }
        await connection.close();
    },

    // A busy broker looks seldom, and says so: meanwhile nothing is known, which is not "nothing happens".
    async drawsNothingBetweenTwoLooks(test) {
        const overview = await test.api('GET', 'overview');
        const page = await test.signedIn();
        await test.go(page, 'channels');
        await page.getByRole('heading', { level: 1, name: 'Channels' }).waitFor();
        await page.evaluate((answer) => {
            const [askForReal, rest, perSecond] = [fetch, 6000, 100];
            window.fetch = (url, init) => {
                if (!String(url).startsWith('/api/overview?interval=')) return askForReal(url, init);
                const began = performance.now();
                const body = new ReadableStream({
                    start(stream) {
                        const say = (text) => stream.enqueue(new TextEncoder().encode(`${text}\n\n`));
                        const look = () => {
                            answer.message_stats.publish = Math.round(((performance.now() - began) / 1000) * perSecond);
                            say(`data: ${JSON.stringify(answer)}`);
                            say(`: next look in ${rest} ms`);
                        };
                        look();
                        const looking = setInterval(look, rest);
                        init.signal.addEventListener('abort', () => clearInterval(looking));
                    },
                });
                return Promise.resolve(new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }));
            };
        }, overview);
        await test.go(page);
        // Never another rate, however long it rested.
        const seen = await page.evaluate(
            () =>
                new Promise((resolve) => {
                    const rates = new Set();
                    const look = () => {
                        const rate = Number.parseInt(document.querySelector('.legend strong')?.textContent ?? '');
                        if (rate > 0) rates.add(rate);
                        if (rates.size > 0 && performance.now() - first > 9_000) resolve([...rates]);
                        else requestAnimationFrame(look);
                    };
                    const first = performance.now();
                    look();
                }),
        );
        for (const rate of seen) assert.ok(rate > 50 && rate < 150, `${seen}`);
    },

    // Which application leaks channels, why was a channel closed, who holds messages? Without a mouse.
    async answersByKeysAlone(test) {
        const { connection } = await worker(test);
        const leaking = await test.connect('leaking');
        for (let number = 0; number < 40; number++) await leaking.createChannel();
        const page = await test.open();
        const focused = () =>
            page.evaluate(() => {
                const { activeElement: it } = document;
                return it.getAttribute('aria-label') ?? it.textContent;
            });
        const press = async (...keys) => {
            for (const key of keys) await page.keyboard.press(key);
        };
        const tabTo = async (name) => {
            const passed = [];
            while (passed.at(-1) !== name) {
                await press('Tab');
                passed.push((await focused()).replace(/[▲▼]/, ''));
                assert.ok(passed.length < 100, `no ${name} in ${passed}`);
            }
        };
        await page.keyboard.type('guest');
        await press('Tab');
        await page.keyboard.type('guest');
        await press('Enter');
        await page.getByRole('heading', { name: 'Overview' }).waitFor();

        await press('g', 'c');
        await page.getByRole('link', { name: 'leaking' }).waitFor();
        await tabTo('Channels');
        await press('Enter');
        await page.locator('tr[aria-rowindex="2"]').getByText('leaking').waitFor();
        await tabTo('leaking');
        await press('Enter');
        await page.getByRole('heading', { level: 1, name: 'leaking' }).waitFor();
        await page.getByText('40 channels', { exact: true }).waitFor();

        await press('g', 'd');
        await page.getByText("no queue 'nope'").waitFor();

        await press('g', 'q');
        await page.getByRole('link', { name: 'jobs', exact: true }).waitFor();
        await tabTo('jobs');
        await press('Enter');
        await page.getByRole('heading', { name: 'Unacknowledged' }).waitFor();
        await page.getByText('jobs-consumer').first().waitFor();

        // A dialog takes the keyboard and gives it back.
        await tabTo('Purge…');
        await press('Enter');
        await page.getByRole('dialog').waitFor();
        await tabTo('Cancel');
        await press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        assert.equal(await focused(), 'Purge…');
        await connection.close();
        await leaking.close();
    },

    // What was before the page was opened is there at once, as far back as the reader chooses.
    async drawsWhatWasBefore(test) {
        const { connection, name } = await worker(test);
        await sampled(test, name);
        const began = new Date().toISOString();
        const page = await test.signedIn();
        for (const parts of [[], ['connections', name], ['channels', `${name} (1)`], ['queues', '/', 'jobs']]) {
            await test.go(page, ...parts);
            await page.waitForFunction((then) => document.querySelector('.chart .unseen time')?.dateTime < then, began);
        }
        await page.getByRole('button', { name: '1 day' }).click();
        await page.reload();
        assert.equal(await page.getByRole('button', { name: '1 day' }).getAttribute('aria-pressed'), 'true');
        // Its lines are drawn anew when the system turns dark.
        for (const colorScheme of ['light', 'dark']) {
            await page.emulateMedia({ colorScheme });
            await page.waitForFunction(hasGridOfTheTheme);
        }
        await connection.close();
    },

    // Two pages of the API meet where the reader scrolls, and only what is in sight is drawn.
    async drawsOnlyWhatIsInSight(test) {
        const count = 450;
        const connection = await test.connect('many');
        for (let number = 0; number < count; number++) await connection.createChannel();
        const page = await test.signedIn();
        await test.go(page, 'channels');
        await page.getByText(`${count} channels`, { exact: true }).first().waitFor();
        await page.getByRole('columnheader', { name: 'Channel', exact: true }).getByRole('button').click();
        await page.getByRole('link', { name: /\(1\)$/ }).waitFor();
        await page.locator('.scroll').evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
        await page.getByRole('link', { name: new RegExp(`\\(${count / 2}\\)$`) }).waitFor();
        // Rows known already: their elements show others at once, and who was at one is not taken to another's link.
        await page.locator('.scroll').evaluate((box) => (box.scrollTop = 0));
        const first = page.getByRole('link', { name: /\(1\)$/ });
        await first.focus();
        const row = await page.locator('tr', { has: first }).elementHandle();
        await page.locator('.scroll').evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
        await page.getByRole('link', { name: new RegExp(`\\(${count / 2}\\)$`) }).waitFor();
        assert.equal(await row.evaluate((element) => element.isConnected), true);
        assert.equal(await page.evaluate(() => document.activeElement.localName), 'body');
        await page.locator('.scroll').evaluate((box) => (box.scrollTop = box.scrollHeight));
        await page.getByRole('link', { name: new RegExp(`\\(${count}\\)$`) }).waitFor();
        assert.ok((await page.locator('tbody tr').count()) < 100);
        await connection.close();
        await page.getByText('No channel is open').waitFor();
    },

    async staysInAListThatBecomesShorter(test) {
        const [few, many] = [await test.connect('few'), await test.connect('many')];
        for (let number = 0; number < 130; number++) await few.createChannel();
        for (let number = 0; number < 450; number++) await many.createChannel();
        const page = await test.signedIn();
        await test.go(page, 'channels');
        await page.getByText('580 channels', { exact: true }).first().waitFor();
        await page.getByRole('columnheader', { name: 'Channel', exact: true }).getByRole('button').click();
        const scroll = page.locator('.scroll');
        await scroll.evaluate((box) => (box.scrollTop = box.scrollHeight));
        await page.getByRole('link', { name: /\(450\)$/ }).waitFor();
        await many.close();
        // The reader is at its end again, and that is the broker's newest answer.
        await page.getByText('130 channels', { exact: true }).first().waitFor();
        await page.getByRole('link', { name: /\(130\)$/ }).waitFor();
        assert.ok((await scroll.evaluate((box) => box.scrollTop)) > 0);
        assert.equal(await page.getByRole('alert').count(), 0);
        for (let number = 130; number > 100; number--) await page.getByRole('link', { name: `(${number})` }).waitFor();
        await few.close();
        await page.getByText('No channel is open').waitFor();
    },
};
