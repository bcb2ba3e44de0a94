import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';
import { type PreviewServer, preview } from 'vite';

const ROOT = join(import.meta.dirname, '../..');
const BUILT = join(ROOT, 'dist/page');

/**
 * Firefox has WebGPU behind these where it is not on by default, and refuses software adapters
 * without the second.
 */
const WITH_WEBGPU = { 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true };
const WITHOUT_WEBGPU = { 'dom.webgpu.enabled': false };

/** The installed Firefox, headless. */
export function launch({ webgpu }: { webgpu: boolean }): Promise<Browser> {
  const executablePath = process.env.FIREFOX_PATH;
  if (!executablePath) throw new Error('FIREFOX_PATH is not set: npm run test:firefox sets it.');
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    defaultViewport: { width: 1280, height: 900 },
    extraPrefsFirefox: {
      ...(webgpu ? WITH_WEBGPU : WITHOUT_WEBGPU),
      'intl.accept_languages': 'en-US',
      'intl.locale.requested': 'en-US',
    },
  });
}

/** Says in the page what WebGPU reports in the worker that nothing there has caught. */
const REPORT = `{
  const request = globalThis.GPUAdapter?.prototype.requestDevice;
  if (request) GPUAdapter.prototype.requestDevice = async function (...options) {
    const device = await request.apply(this, options);
    const channel = new BroadcastChannel('uncaptured');
    device.addEventListener('uncapturederror', ({ error }) => channel.postMessage(error.message));
    return device;
  };
}
`;

/** The built page, with a worker that reports WebGPU's uncaptured errors to the page. */
export function serve(): Promise<PreviewServer> {
  if (!existsSync(join(BUILT, 'index.html')))
    throw new Error('There is no built page to test: npm run build.');
  return preview({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    preview: { host: 'localhost', port: 0, open: false },
    plugins: [
      {
        name: 'report uncaptured errors',
        configurePreviewServer(server) {
          server.middlewares.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
            const { pathname } = new URL(request.url ?? '/', 'http://localhost');
            if (!/\/worker[^/]*\.js$/.test(pathname)) return next();
            response.setHeader('content-type', 'text/javascript');
            response.end(REPORT + readFileSync(join(BUILT, pathname), 'utf8'));
          });
        },
      },
    ],
  });
}
