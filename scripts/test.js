import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './chromium.js';
import { ensureDependencies } from './dependencies.js';
import { run, tool } from './process.js';
import { findPython } from './python.js';
import { playwrightOutcome, vitestOutcome } from './reports.js';
import { DENO_FLAGS, findDeno, findFirefox } from './wgpu.js';

/*
 * Runs all checks, from a bare checkout. For a few tests the tools by themselves are quicker:
 *   npx vitest run shaders/matmul      tests by their path; they find their own WebGPU
 *   npx playwright test e2e/inside     after npm run build
 */

/** @typedef {import('./reports.js').Outcome} Outcome */

/** The phases in their order; without a build, there is no page to go on with. */
const PHASES = {
  types: () => runScript('typecheck'),
  lint: () => runScript('lint'),
  unit: () => runVitest([process.execPath], []),
  build: () => runScript('build'),
  page: testPage,
  firefox: () => onWgpu(findFirefox, testFirefox),
  deno: () => onWgpu(findDeno, testDeno),
};
const EVERY_DAY = ['types', 'lint', 'unit', 'build', 'page'];

const [option, only, ...toolArguments] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'spiralnet-test-'));
const report = join(folder, 'report.json');
/** @type {string[]} */
const absent = [];
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

async function main() {
  const all = Object.entries(PHASES);
  const chosen = option === '--only' ? [only] : option === undefined ? EVERY_DAY : Object.keys(PHASES);
  const phases = all.filter(([name]) => chosen.includes(name));
  if (phases.length === 0 || ![undefined, '--only', '--all'].includes(option)) {
    throw new Error('Usage: node scripts/test.js [--all | --only <phase> [<argument of its tool>…]]');
  }
  // The configurations of vitest and Playwright choose tests by this variable.
  process.env.TEST_TIER ??= option === '--all' ? 'all' : 'default';
  await ensureDependencies();
  // Set for all phases, so that none searches again.
  process.env.CHROMIUM_PATH ??= await ensureChromium();
  // Before tests in several processes ask for it; where it is absent, they say so.
  if (process.env.TEST_TIER === 'all') await findPython('numpy', 'torch').catch(() => undefined);
  const total = { passed: 0, failed: 0, skipped: 0 };
  /** @type {string[]} */
  const failures = [];
  /** @type {string[]} */
  const unsteady = [];
  for (const [name, test] of phases) {
    console.log(`\n# ${name}`);
    const outcome = await test().catch(failure);
    total.passed += outcome.passed;
    total.failed += outcome.failed;
    total.skipped += outcome.skipped;
    if (outcome.failed > 0) failures.push(`\nFailed in ${name}, told above.`, ...outcome.failures);
    unsteady.push(...outcome.unsteady);
    if (outcome.failed > 0 && name === 'build') break;
  }
  // At the end, so that no reader overlooks it, and the end of a long log is enough.
  if (unsteady.length > 0) unsteady.unshift('\nUnsteady: passed only when repeated. Mend these tests:');
  const notRun = absent.map((reason) => `\nNot run here: ${reason}.`);
  for (const text of [...notRun, ...unsteady, ...failures]) console.log(text);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

/** @param {Error} error */
function failure({ message }) {
  console.log(message);
  return { passed: 0, failed: 1, skipped: 0, failures: [message], unsteady: [] };
}

/**
 * Runs a tool.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @param {(report: any) => Outcome} [read] reads the tool's report; without it, the command counts
 *   as one test
 * @returns {Promise<Outcome>} one failure at least if the tool fails, even if none of its tests did
 */
async function outcomeOf(command, args, env, read) {
  const { code } = await run(command, args, { env });
  const one = { passed: code === 0 ? 1 : 0, failed: 0, skipped: 0, failures: [], unsteady: [] };
  const outcome = read ? read(JSON.parse(readFileSync(report, 'utf8'))) : one;
  rmSync(report, { force: true });
  return { ...outcome, failed: code === 0 ? outcome.failed : Math.max(outcome.failed, 1) };
}

/** @param {string[]} script of package.json, with arguments */
const runScript = (...script) => outcomeOf('npm', ['run', '--silent', ...script]);

/**
 * @param {string[]} runtime
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
async function runVitest([command, ...flags], args, env) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const all = [...flags, tool('vitest'), 'run', ...args, ...toolArguments, ...reporters];
  return outcomeOf(command, all, env, vitestOutcome);
}

async function testPage() {
  const args = [tool('playwright'), 'test', '--reporter=list,json', ...toolArguments];
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  return outcomeOf(process.execPath, args, env, playwrightOutcome);
}

/** @param {import('./wgpu.js').Runtime} firefox */
async function testFirefox({ env }) {
  const types = await runScript('typecheck', '--', '--project', 'tests/firefox');
  if (types.failed > 0) return types;
  return runVitest([process.execPath], ['--config', 'tests/firefox/vitest.config.ts'], env);
}

/** @param {import('./wgpu.js').Runtime} deno */
function testDeno({ command, env }) {
  // llvmpipe compiles slowly, and the bounds of the long tests are for Dawn.
  const few = { PROPERTY_RUNS: process.env.PROPERTY_RUNS ?? '10', TEST_TIER: 'default' };
  // Not the soak: on wgpu in Deno the process grows with each step (docs/implementations.md).
  const integration = ['calls/', 'reads/', 'training/', 'memory/failures', 'memory/shortage'];
  const folders = ['shaders/', 'src/', ...integration.map((part) => `tests/integration/${part}`)];
  return runVitest([command, ...DENO_FLAGS], toolArguments.length > 0 ? [] : folders, { ...env, ...few });
}

/**
 * Tests on a program that only some machines have or can install. On CI, as root, its absence is an
 * error, because nothing else would show that its installation has broken.
 *
 * @param {() => Promise<import('./wgpu.js').Runtime>} find
 * @param {(runtime: import('./wgpu.js').Runtime) => Promise<Outcome>} test
 */
async function onWgpu(find, test) {
  const runtime = await find().catch((error) => {
    if (process.env.CI && process.platform === 'linux' && process.getuid?.() === 0) throw error;
    absent.push(error.message);
  });
  if (!runtime) return { passed: 0, failed: 0, skipped: 0, failures: [], unsteady: [] };
  console.log(runtime.description);
  return test(runtime);
}

main().catch((error) => {
  console.error(error.message);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
});
