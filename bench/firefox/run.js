import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { ensureDependencies } from '../../scripts/dependencies.js';
import { root } from '../../scripts/process.js';
import { wasmKernels } from '../../scripts/wasm.js';
import { DENO_FLAGS, findDeno, findFirefox } from '../../scripts/wgpu.js';

/*
 * The same work in Firefox and in Deno, which both have wgpu, on the same adapter: what Firefox
 * adds is the way of answers to the program.
 */

/** @typedef {{ milliseconds: number, losses: number[], note?: string }} Outcome */

const USAGE = 'npm run bench:firefox -- [--only <part of a name>] [--rounds <number, default 5>]';
const BUILT = join(root, 'dist/bench-firefox');
const TYPES = /** @type {Record<string, string>} */ ({ '.html': 'text/html', '.js': 'text/javascript' });
/** Of the losses, as two runtimes compile the same kernels for one driver. */
const TOLERANCE = 1e-5;

const PREFERENCES = {
  'dom.webgpu.enabled': true,
  'gfx.webgpu.ignore-blocklist': true,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  // A runtime waits for its turn.
  'network.http.response.timeout': 0,
};

/** The runtimes under the clock, by their names. */
const RUNTIMES = ['Firefox', 'Deno'];

async function main() {
  const { only = '', rounds } = readOptions();
  await ensureDependencies();
  const [firefox, deno] = [await findFirefox(), await findDeno()];
  const { build } = await import('vite');
  await build({
    root: join(root, 'bench/firefox'),
    configFile: false,
    logLevel: 'warn',
    plugins: [wasmKernels()],
    worker: { format: 'es' },
    build: { outDir: BUILT, emptyOutDir: true, target: 'es2022' },
  });
  const clients = Object.fromEntries(RUNTIMES.map((name) => [name, new Client()]));
  const server = createServer((request, response) => answer(clients, request, response));
  await new Promise((resolve) => server.listen(0, 'localhost', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const address = `http://localhost:${port}`;
  const profile = mkdtempSync(join(tmpdir(), 'spiralnet-firefox-'));
  const preferences = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});\n`,
  );
  writeFileSync(join(profile, 'user.js'), preferences.join(''));
  const begun = Promise.all(RUNTIMES.map((name) => clients[name].message()));
  const processes = [
    start(firefox, ['--headless', '--no-remote', '--profile', profile, address]),
    start(deno, [...DENO_FLAGS, join(root, 'bench/firefox/deno.ts'), address]),
  ];
  const ends = processes.map((child) => once(child, 'exit'));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
  const end = () => {
    for (const child of processes) child.kill();
  };
  process.once('exit', end);
  /** @param {Promise<any>} work */
  const unlessEnded = (work) =>
    Promise.race([work, Promise.race(ends).then(() => Promise.reject(new Error('A runtime has ended.')))]);
  try {
    console.log(`${firefox.description} beside ${deno.description}, ${rounds} rounds in turns.`);
    console.log(`The machine's load at the beginning: ${loadavg()[0].toFixed(1)}`);
    const [{ works }] = await unlessEnded(begun);
    const chosen = works.filter((/** @type {string} */ work) => work.includes(only));
    if (chosen.length === 0) throw new Error(`No work has ${only} in its name: ${works.join('; ')}.`);
    for (const work of chosen) await unlessEnded(compare(work, clients, rounds));
    console.log(`The machine's load at the end: ${loadavg()[0].toFixed(1)}`);
  } finally {
    end();
    server.close();
    server.closeAllConnections();
    await Promise.all(ends);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function readOptions() {
  try {
    const options = /** @type {const} */ ({ only: { type: 'string' }, rounds: { type: 'string' } });
    const { only, rounds = '5' } = parseArgs({ options }).values;
    if (!(Number(rounds) >= 1)) throw new Error(`--rounds is ${rounds}, which is no number from 1 on.`);
    return { only, rounds: Number(rounds) };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\nUsage: ${USAGE}`);
  }
}

/**
 * The runtimes take turns, so that other work on the machine meets both alike.
 *
 * @param {string} work
 * @param {Record<string, Client>} clients
 * @param {number} rounds
 */
async function compare(work, clients, rounds) {
  /** @type {Record<string, Outcome[]>} */
  const outcomes = Object.fromEntries(RUNTIMES.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? RUNTIMES : RUNTIMES.toReversed())
      outcomes[name].push(await clients[name].does(work));
  }
  const [firefox, deno] = RUNTIMES.map((name) => outcomes[name].map(({ milliseconds }) => milliseconds));
  const ratio = median(firefox) / median(deno);
  console.log(`${work}: ${ratio.toFixed(2)} times as long in Firefox as in Deno`);
  for (const name of RUNTIMES) {
    const times = outcomes[name].map(({ milliseconds }) => milliseconds.toPrecision(3));
    console.log(`  ${name}: ${times.join(', ')} ms`);
    for (const note of new Set(outcomes[name].flatMap(({ note }) => note ?? []))) console.log(`    ${note}`);
  }
  const [expected, ...others] = RUNTIMES.flatMap((name) => outcomes[name].map(({ losses }) => losses));
  const off = Math.max(
    ...others.flatMap((losses) => losses.map((loss, i) => Math.abs(loss / expected[i] - 1))),
  );
  console.log(`  losses differ by ${off.toExponential(0)}${off <= TOLERANCE ? '' : ': WRONG'}`);
  if (!(off <= TOLERANCE)) process.exitCode = 1;
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
}

/** A runtime that does one piece of work after the other. */
class Client {
  /** @type {import('node:http').ServerResponse | undefined} */
  #idle;
  /** @type {(message: any) => void} */
  #take = () => {};

  /**
   * The next message of the runtime.
   *
   * @returns {Promise<any>}
   */
  message() {
    return new Promise((resolve) => {
      this.#take = resolve;
    });
  }

  /**
   * @param {string} work
   * @returns {Promise<Outcome>}
   */
  async does(work) {
    const message = this.message();
    this.#idle?.end(work);
    const outcome = await message;
    if (outcome.failure) throw new Error(`${work}: ${outcome.failure}`);
    return outcome;
  }

  /**
   * @param {unknown} message
   * @param {import('node:http').ServerResponse} response whose content is the next work
   */
  receive(message, response) {
    this.#idle = response;
    this.#take(message);
  }
}

/**
 * Answers a request of a runtime, or for a file of the page.
 *
 * @param {Record<string, Client>} clients
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(clients, request, response) {
  const path = (request.url ?? '/').slice(1);
  if (request.method === 'POST') {
    clients[path].receive(await json(request), response);
    return;
  }
  const file = join(BUILT, path || 'index.html');
  if (!existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': TYPES[extname(file)],
    // These headers give a clock of 20 µs instead of 1 ms.
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  });
  response.end(readFileSync(file));
}

/**
 * @param {import('../../scripts/wgpu.js').Runtime} runtime
 * @param {string[]} args
 */
function start({ command, env }, args) {
  return spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } });
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
