import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

// The broker has each file compressed in it; web/dist keeps the plain ones beside, to look at.
const most = 150 * 1024;

function compressed(): Plugin {
    return {
        name: 'compressed',
        apply: 'build',
        writeBundle(options) {
            const folder = options.dir ?? 'dist';
            let total = 0;
            for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
                if (!entry.isFile() || /\.(br|gz)$/.test(entry.name)) continue;
                const path = join(entry.parentPath, entry.name);
                const content = readFileSync(path);
                const brotli = brotliCompressSync(content, {
                    params: {
                        [constants.BROTLI_PARAM_QUALITY]: 11,
                        [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
                    },
                });
                const gzip = gzipSync(content, { level: 9 });
                writeFileSync(`${path}.br`, brotli);
                writeFileSync(`${path}.gz`, gzip);
                total += brotli.length;
            }
            if (total > most) this.error(`the page has ${total} bytes compressed, more than ${most}`);
            this.info(`${total} bytes compressed`);
        },
    };
}

const broker = process.env.LEVADA ?? 'http://localhost:15672';

export default defineConfig({
    plugins: [compressed()],
    esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
    build: { target: 'es2022', modulePreload: false, assetsInlineLimit: 0, reportCompressedSize: false },
    // For working on the page: `npm run dev` beside a broker, which takes changes from pages of its own alone.
    server: { proxy: { '/api': { target: broker, changeOrigin: true, headers: { origin: broker } } } },
});
