// The web page in a browser: `node web-page.mjs BROWSER`, and on standard input a line for each reader:
// NUMBER http://HOST:PORT amqp://... SCENARIO. Each is answered by NUMBER "passed", or why not. Readers are there side by
// side, in contexts of their own. Waits are for what shall appear, never for a time.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { connect } from 'amqplib';
import { chromium } from 'playwright-core';
import { clients } from './web-page/clients.mjs';
import { crowd } from './web-page/crowd.mjs';
import { logs } from './web-page/logs.mjs';
import { pages } from './web-page/pages.mjs';
import { roles } from './web-page/roles.mjs';
import { settings } from './web-page/settings.mjs';
import { topology } from './web-page/topology.mjs';
import { trouble } from './web-page/trouble.mjs';

const scenarios = { ...clients, ...crowd, ...logs, ...pages, ...roles, ...settings, ...topology, ...trouble };
const [executablePath] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let launched;
async function browser() {
    const last = launched;
    // One that has crashed took its readers with it, not those to come.
    if ((!last || !(await last).isConnected()) && launched === last)
        launched = chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    return launched;
}

/** What a scenario has at hand, and what it leaves behind. */
class Reader {
    #contexts = [];
    #connections = [];

    constructor(url, amqp) {
        this.url = url;
        this.amqp = amqp;
    }

    /**
     * A tab of its own, with what went wrong in it.
     * @param options.clockIsOffBy milliseconds.
     * @param options.url where the page is, if not at the broker.
     * @param options.timezoneId the reader's.
     */
    async open({ width = 1280, colorScheme = 'light', clockIsOffBy = 0, url = this.url, timezoneId = 'UTC' } = {}) {
        const context = await (
            await browser()
        ).newContext({
            viewport: { width, height: 900 },
            colorScheme,
            reducedMotion: 'reduce',
            timezoneId,
        });
        this.#contexts.push(context);
        context.setDefaultTimeout(120_000);
        if (clockIsOffBy)
            await context.addInitScript((by) => {
                globalThis.Date = class extends Date {
                    constructor(...of) {
                        super(...(of.length > 0 ? of : [Date.now()]));
                    }

                    static now() {
                        return super.now() + by;
                    }
                };
            }, clockIsOffBy);
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
    }

    async signIn(page, user = 'guest', password = 'guest') {
        await page.getByLabel('User').fill(user);
        await page.getByLabel('Password').fill(password);
        await page.getByRole('button', { name: 'Sign in' }).click();
    }

    async signedIn(options) {
        const page = await this.open(options);
        await this.signIn(page);
        await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
        return page;
    }

    go(page, ...parts) {
        return page.evaluate((hash) => (location.hash = hash), `#/${parts.map(encodeURIComponent).join('/')}`);
    }

    /** No part of it is wider than the window, and nobody is kept out. */
    async isSound(page, what) {
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${what} is ${over} px wider than the window`);
        if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
        const { violations } = await page.evaluate("axe.run({ resultTypes: ['violations'] })");
        assert.deepEqual(
            violations.map(
                (v) => `${v.id}: ${v.nodes.map((node) => `${node.html} ${node.failureSummary}`).join('; ')}`,
            ),
            [],
            what,
        );
        assert.deepEqual(page.faults, [], what);
    }

    async connect(name) {
        const connection = await connect(this.amqp, { clientProperties: { connection_name: name } });
        this.#connections.push(connection);
        return connection;
    }

    async api(method, path, body) {
        const response = await this.#ask(path, {
            method,
            body: body && JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
        });
        const text = await response.text();
        return text && JSON.parse(text);
    }

    /** What a GET answers that is not JSON. */
    async text(path) {
        return (await this.#ask(path, {})).text();
    }

    /** What a GET answers, and again whenever that changes. */
    async *follow(path) {
        const { body } = await this.#ask(path, { headers: { accept: 'text/event-stream' } });
        let rest = '';
        for await (const text of body.pipeThrough(new TextDecoderStream())) {
            const blocks = (rest + text).split('\n\n');
            rest = blocks.pop();
            for (const block of blocks) if (block.startsWith('data:')) yield JSON.parse(block.slice('data:'.length));
        }
        assert.fail(`${path} has ended`);
    }

    async #ask(path, init) {
        const credentials = Buffer.from('guest:guest').toString('base64');
        const response = await fetch(`${this.url}/api/${path}`, {
            ...init,
            headers: { ...init.headers, authorization: `Basic ${credentials}` },
        });
        assert.ok(response.ok, `${init.method ?? 'GET'} ${path}: ${response.status}`);
        return response;
    }

    async leave() {
        await Promise.allSettled([
            ...this.#contexts.map((context) => context.close()),
            // One that is closed already throws at once.
            ...this.#connections.map(async (connection) => connection.close()),
        ]);
    }
}

// What nobody awaited, such as an error of a channel that a scenario did not expect: it is told to all that go on.
const failing = new Set();
process.on('uncaughtException', (error) => failing.forEach((fail) => fail(error)));

async function read(number, url, amqp, name) {
    const reader = new Reader(url, amqp);
    let fail;
    const failed = new Promise((_, reject) => failing.add((fail = reject)));
    let said = 'passed';
    try {
        await Promise.race([scenarios[name](reader), failed]);
    } catch (error) {
        said = `${name}: ${error?.stack ?? error}`;
    }
    await reader.leave();
    failing.delete(fail);
    process.stdout.write(`${number} ${JSON.stringify(said)}\n`);
}

const reading = [];
for await (const line of createInterface({ input: process.stdin })) reading.push(read(...line.split(' ')));
await Promise.all(reading);
await (await launched)?.close();
process.exit(0);
