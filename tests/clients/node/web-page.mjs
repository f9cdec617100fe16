// The web page in a browser: `node web-page.mjs http://HOST:PORT amqp://... BROWSER SCENARIO`. Prints "passed" as its
// last line; any failure is a stack and exit code 1. Waits are for what shall appear, never for a time.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'amqplib';
import { chromium } from 'playwright-core';
import { clients } from './web-page/clients.mjs';
import { pages } from './web-page/pages.mjs';
import { roles } from './web-page/roles.mjs';
import { settings } from './web-page/settings.mjs';
import { topology } from './web-page/topology.mjs';

const scenarios = { ...clients, ...pages, ...roles, ...settings, ...topology };
const [url, amqp, executablePath, name] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

const test = {
    url,

    /** A tab of its own, with what went wrong in it. */
    async open({ width = 1280, colorScheme = 'light' } = {}) {
        const context = await browser.newContext({
            viewport: { width, height: 900 },
            colorScheme,
            reducedMotion: 'reduce',
        });
        context.setDefaultTimeout(120_000);
        const page = await context.newPage();
        page.faults = [];
        page.on('pageerror', (error) => page.faults.push(error.stack));
        // A violation of the content security policy is told there as well. What a page asks for and is not there is told
        // in the page.
        page.on(
            'console',
            (said) =>
                said.type() === 'error' &&
                !said.text().includes('Failed to load resource') &&
                page.faults.push(said.text()),
        );
        await page.goto(url);
        return page;
    },

    async signIn(page, user = 'guest', password = 'guest') {
        await page.getByLabel('User').fill(user);
        await page.getByLabel('Password').fill(password);
        await page.getByRole('button', { name: 'Sign in' }).click();
    },

    async signedIn(options) {
        const page = await test.open(options);
        await test.signIn(page);
        await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
        return page;
    },

    go: (page, ...parts) =>
        page.evaluate((hash) => (location.hash = hash), `#/${parts.map(encodeURIComponent).join('/')}`),

    /** No part of it is wider than the window, and nobody is kept out. */
    async isSound(page, what) {
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${what} is ${over} px wider than the window`);
        await page.evaluate(axe);
        const { violations } = await page.evaluate('axe.run()');
        assert.deepEqual(
            violations.map(
                (v) => `${v.id}: ${v.nodes.map((node) => `${node.html} ${node.failureSummary}`).join('; ')}`,
            ),
            [],
            what,
        );
        assert.deepEqual(page.faults, [], what);
    },

    connect: (name) => connect(amqp, { clientProperties: { connection_name: name } }),

    async api(method, path, body) {
        const response = await fetch(`${url}/api/${path}`, {
            method,
            body: body && JSON.stringify(body),
            headers: {
                authorization: `Basic ${Buffer.from('guest:guest').toString('base64')}`,
                'content-type': 'application/json',
            },
        });
        assert.ok(response.ok, `${method} ${path}: ${response.status}`);
        const text = await response.text();
        return text && JSON.parse(text);
    },
};

try {
    await scenarios[name](test);
} finally {
    await browser.close();
}
process.stdout.write('passed\n');
process.exit(0);
