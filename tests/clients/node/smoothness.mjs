// The page in a browser, told what to do: `node smoothness.mjs http://HOST:PORT BROWSER`. Each line on stdin is a
// command, answered with a line of JSON: "open HASH TITLE" a page, "pause" and "resume" it, "scroll ROWS" its list by so
// many rows a frame, which answers with the milliseconds between frames and how many tasks took above 50 ms. bench/page
// starts it.
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const [url, executablePath] = process.argv.slice(2);
const rowHeight = 36;
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

/** Scrolls to and fro. Runs in the page. */
function scroll(by) {
    const box = document.querySelector('.scroll');
    let long = 0;
    const observer = new PerformanceObserver((list) => (long += list.getEntries().length));
    observer.observe({ entryTypes: ['longtask'] });
    return new Promise((resolve) => {
        const frames = [];
        let last = performance.now();
        const step = (now) => {
            frames.push(now - last);
            last = now;
            const isBack = frames.length % 200 > 100;
            box.scrollTop += isBack ? -by : by;
            if (frames.length < 600) return requestAnimationFrame(step);
            observer.disconnect();
            return resolve({ frames, long });
        };
        requestAnimationFrame(step);
    });
}

const press = async (page, name) => {
    await page.getByRole('button', { name, exact: true }).click();
    return {};
};

const commands = {
    async open(page, hash, title) {
        await page.evaluate((to) => (location.hash = to), hash);
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
        await page.locator('.waiting').first().waitFor({ state: 'detached' });
        return {};
    },
    pause: (page) => press(page, 'Live'),
    resume: (page) => press(page, 'Paused'),
    scroll: (page, rows) => page.evaluate(scroll, rows * rowHeight),
};

try {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 860 } })).newPage();
    await page.goto(url);
    await page.getByLabel('User').fill('guest');
    await page.getByLabel('Password').fill('guest');
    await page.getByRole('button', { name: 'Sign in' }).click();
    for await (const line of createInterface({ input: process.stdin })) {
        const [command, ...words] = line.split(' ');
        process.stdout.write(`${JSON.stringify(await commands[command](page, ...words))}\n`);
    }
} finally {
    await browser.close();
}
process.exit(0);
