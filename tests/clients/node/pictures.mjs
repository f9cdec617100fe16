// Pictures of each page: `node pictures.mjs http://HOST:PORT amqp://HOST:PORT BROWSER FOLDER [SECONDS]`. The company
// lives for so long before, so that there is something to see; scripts/pictures starts a broker for it.
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { company } from './company.mjs';

const [url, amqp, executablePath, folder, seconds = '90'] = process.argv.slice(2);
const credentials = `Basic ${Buffer.from('guest:guest').toString('base64')}`;

async function api(method, path, body) {
    const response = await fetch(`${url}/api/${path}`, {
        method,
        body: body && JSON.stringify(body),
        headers: { authorization: credentials, 'content-type': 'application/json' },
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text && JSON.parse(text);
}

/** The address of each page, and what the picture is called. */
async function pages() {
    const named = async (name) => (await api('GET', `connections?name=${name}`))[0].name;
    const [mailer, shop, leaking] = [await named('mailer'), await named('shop-web-1'), await named('nightly-reports')];
    return {
        overview: [],
        connections: ['connections'],
        groups: ['connections?by=connection_name'],
        connection: ['connections', leaking],
        channels: ['channels'],
        channel: ['channels', `${shop} (1)`],
        consumer: ['channels', `${mailer} (1)`],
        consumers: ['consumers'],
        queues: ['queues'],
        queue: ['queues', '/', 'mails'],
        exchanges: ['exchanges'],
        exchange: ['exchanges', '/', 'orders'],
        closed: ['closed'],
        policies: ['policies'],
        limits: ['limits'],
        vhosts: ['vhosts'],
        vhost: ['vhosts', '/'],
        users: ['users'],
        user: ['users', 'shop'],
        parameters: ['parameters'],
        definitions: ['definitions'],
        node: ['node'],
        configuration: ['configuration'],
        logs: ['logs'],
        audit: ['audit'],
    };
}

const addressOf = (parts) =>
    `#/${parts
        .map((part) =>
            part
                .split('?')
                .map((p, i) => (i ? p : encodeURIComponent(p)))
                .join('?'),
        )
        .join('/')}`;

/** Memory is said to be short: what the overview tells then, and how connections look that are blocked. */
async function alarm(page, folder) {
    const key = 'config/effective/vm_memory_high_watermark.absolute';
    const { value } = (await api('GET', 'config/effective')).find(({ key: name }) => key.endsWith(`/${name}`));
    await api('PUT', key, { value: '20MB' });
    try {
        await page.evaluate(() => (location.hash = '#/connections'));
        await page.getByText('blocked', { exact: true }).first().waitFor();
        await page.screenshot({ path: `${folder}/connections-blocked.png`, fullPage: true });
        await page.evaluate(() => (location.hash = '#/'));
        await page.getByText('Alarm:').waitFor();
        await page.waitForTimeout(1200);
        await page.screenshot({ path: `${folder}/alarm.png`, fullPage: true });
    } finally {
        await api('PUT', key, { value });
    }
}

/** What makes a page tell more. */
const acts = {
    async channel(page) {
        await page.getByRole('button', { name: 'Record' }).click();
        await page.locator('.timeline tbody tr').nth(12).waitFor();
        await page.getByRole('button', { name: 'Stop' }).click();
    },
    async queue(page) {
        await page.getByRole('button', { name: 'Look' }).click();
        await page.locator('.messages li').first().waitFor();
    },
};

const stop = await company(amqp, api);
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1000));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
    const only = process.env.ONLY?.split(',');
    const all = Object.entries(await pages()).filter(([name]) => !only || only.includes(name));
    const looks = (process.env.LOOKS ?? 'light-1280,dark-1280,light-400,dark-400').split(',');
    for (const look of looks) {
        const [colorScheme, width] = look.split('-');
        await mkdir(`${folder}/${look}`, { recursive: true });
        const context = await browser.newContext({
            viewport: { width: Number(width), height: 860 },
            colorScheme,
            reducedMotion: 'reduce',
        });
        // On a machine that is busy otherwise as well.
        context.setDefaultTimeout(120_000);
        const page = await context.newPage();
        await page.goto(url);
        await page.screenshot({ path: `${folder}/${look}/sign-in.png` });
        await page.getByLabel('User').fill('guest');
        await page.getByLabel('Password').fill('guest');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.locator('nav').waitFor({ state: 'attached' });
        for (const [name, parts] of all) {
            await page.evaluate((hash) => (location.hash = hash), addressOf(parts));
            await page.getByRole('heading', { level: 1 }).waitFor();
            await page.locator('.waiting').first().waitFor({ state: 'detached' });
            await acts[name]?.(page);
            // For charts and lists that come a moment later.
            await page.waitForTimeout(1200);
            await page.evaluate(() => scrollTo(0, 0));
            await page.screenshot({ path: `${folder}/${look}/${name}.png`, fullPage: true });
        }
        // The last of all, so that the other pictures are of a day as any.
        if (look === looks.at(-1) && (!only || only.includes('alarm'))) {
            await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
            await page.setViewportSize({ width: 1280, height: 860 });
            await mkdir(`${folder}/light-1280`, { recursive: true });
            await alarm(page, `${folder}/light-1280`);
        }
        await context.close();
    }
} finally {
    await browser.close();
}
await Promise.race([stop(), new Promise((resolve) => setTimeout(resolve, 3000))]);
process.exit(0);
