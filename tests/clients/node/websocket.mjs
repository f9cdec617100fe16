// @cloudamqp/amqp-client over a WebSocket: `node --experimental-websocket websocket.mjs ws://...` in Node itself,
// `node websocket.mjs ws://... http://PAGE BROWSER` in a page that a browser has loaded from the broker. Prints
// "passed" as its last line; any failure is a stack and exit code 1.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { AMQPWebSocketClient } from '@cloudamqp/amqp-client/amqp-websocket-client';
import { scenario } from './websocket-scenario.mjs';

const [url, page, browser] = process.argv.slice(2);
if (browser) await inBrowser();
else await scenario(AMQPWebSocketClient, url);
process.stdout.write('passed\n');
process.exit(0);

async function inBrowser() {
    const { chromium } = await import('playwright-core');
    const running = await chromium.launch({ executablePath: browser, args: ['--no-sandbox', '--disable-gpu'] });
    try {
        const tab = await running.newPage();
        await tab.goto(page);
        // The library's build for browsers, as a page would import it.
        const library = new URL(
            '../../dist/amqp-websocket-client.mjs',
            `file://${createRequire(import.meta.url).resolve('@cloudamqp/amqp-client')}`,
        );
        const source = `data:text/javascript;base64,${(await readFile(library)).toString('base64')}`;
        await tab.evaluate(`(async () => {
      const { AMQPWebSocketClient } = await import('${source}');
      await (${scenario})(AMQPWebSocketClient, '${url}');
    })()`);
    } finally {
        await running.close();
    }
}
