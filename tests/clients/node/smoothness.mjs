// How smooth the page is: `node smoothness.mjs http://HOST:PORT BROWSER`. For each page a line of JSON when it is open,
// then, after a line on stdin, one with the milliseconds between frames while its list is scrolled from end to end, and
// how many tasks took above 50 ms. bench/page starts it.
import { once } from 'node:events';
import { chromium } from 'playwright-core';

const [url, executablePath] = process.argv.slice(2);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

/** Scrolls by 4 rows a frame to and fro, as fast as a wheel goes. Runs in the page. */
function scroll() {
    const box = document.querySelector('.scroll');
    if (!box) return { frames: [], long: 0 };
    let long = 0;
    new PerformanceObserver((list) => (long += list.getEntries().length)).observe({ entryTypes: ['longtask'] });
    return new Promise((resolve) => {
        const frames = [];
        let last = performance.now();
        const step = (now) => {
            frames.push(now - last);
            last = now;
            const isBack = frames.length % 200 > 100;
            box.scrollTop += isBack ? -144 : 144;
            if (frames.length === 600) resolve({ frames, long });
            else requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
    });
}

try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 860 } })).newPage();
    await page.goto(url);
    await page.getByLabel('User').fill('guest');
    await page.getByLabel('Password').fill('guest');
    await page.getByRole('button', { name: 'Sign in' }).click();
    for (const [hash, title] of [
        ['#/', 'Overview'],
        ['#/connections', 'Connections'],
        ['#/channels', 'Channels'],
    ]) {
        await page.evaluate((to) => (location.hash = to), hash);
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
        await page.locator('.waiting').first().waitFor({ state: 'detached' });
        say({ page: title });
        await once(process.stdin, 'data');
        say({ page: title, ...(await page.evaluate(scroll)) });
    }
} finally {
    await browser.close();
}
process.exit(0);
