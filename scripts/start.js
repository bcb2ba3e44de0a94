import { parseArgs } from 'node:util';
import { ensureDependencies } from './dependencies.js';
import { messageOf, root } from './process.js';

const USAGE = 'Usage: npm start -- [--port <number>] [--host <address>]';

async function start() {
  const options = readOptions();
  await ensureDependencies();
  const { createServer } = await import('vite');
  const server = await createServer({
    root,
    clearScreen: false,
    logLevel: 'warn',
    server: { ...options, open: hasViewer() },
  });
  await server.listen();
  const { local = [], network = [] } = server.resolvedUrls ?? {};
  console.log(`\nspiralnet is at ${[...local, ...network].join(' and ')}\nCtrl-C ends it.\n`);
  // Vite itself answers SIGTERM.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGHUP'])) {
    process.once(signal, async () => {
      await server.close();
      process.exit(0);
    });
  }
}

function readOptions() {
  const { values } = parsedArguments();
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
    throw new Error(`--port: expected a number from 1 to 65535, got ${values.port}.\n${USAGE}`);
  }
  return { port, host: values.host };
}

function parsedArguments() {
  try {
    return parseArgs({ options: { port: { type: 'string' }, host: { type: 'string' } } });
  } catch (error) {
    throw new Error(`${messageOf(error)}\n${USAGE}`);
  }
}

/** Whether somebody sits in front of this process who would want a browser to open. */
function hasViewer() {
  if (process.env.CI || !process.stdout.isTTY) return false;
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

start().catch((error) => {
  console.error(messageOf(error));
  process.exitCode = 1;
});
