import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './chromium.js';
import { ensureDependencies } from './dependencies.js';
import { messageOf, run, tool } from './process.js';
import { DENO_FLAGS, findDeno, findFirefox } from './wgpu.js';

/*
 * Runs all checks, from a bare checkout. For a few tests the tools by themselves are quicker:
 *   npx vitest run shaders/matmul      tests by their path; they find their own WebGPU
 *   npx playwright test e2e/inside     after npm run build
 */

/** @typedef {{ passed: number, failed: number, skipped: number }} Outcome */

/** The phases in their order. `build` makes the page that `page` and `firefox` test. */
const PHASES = {
  types: () => one('npm', ['run', '--silent', 'typecheck']),
  lint: () => one('npm', ['run', '--silent', 'lint']),
  unit: () => runVitest(tool('vitest'), []),
  build: () => one('npm', ['run', '--silent', 'build']),
  page: testPage,
  firefox: testFirefox,
  deno: testDeno,
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
  /** @type {Record<string, Outcome>} */
  const outcomes = {};
  for (const [name, test] of phases) {
    console.log(`\n# ${name}`);
    try {
      if (outcomes.build?.failed) throw new Error('the build failed');
      outcomes[name] = await test();
    } catch (error) {
      outcomes[name] = { passed: 0, failed: 1, skipped: 0 };
      console.log(messageOf(error));
    }
  }
  const sum = (/** @type {keyof Outcome} */ key) =>
    Object.values(outcomes).reduce((total, outcome) => total + outcome[key], 0);
  const failures = Object.keys(outcomes).filter((name) => outcomes[name].failed > 0);
  // At the end, so that no reader overlooks it.
  for (const text of absent) console.log(`\nNot run here: ${text}.`);
  if (failures.length > 0) console.log(`\nFailures, told above, in: ${failures.join(', ')}`);
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : '';
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed${skipped}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

/**
 * A command that counts as one test.
 *
 * @param {Parameters<typeof run>} command
 */
async function one(...command) {
  const { code } = await run(...command);
  return outcome(code, code === 0 ? 1 : 0, 0, 0);
}

/**
 * @param {[command: string, args: string[]]} vitest
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
async function runVitest([command, first], args, env) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(command, [...first, 'run', ...args, ...toolArguments, ...reporters], { env });
  const { numPassedTests, numFailedTests, numPendingTests } = readReport();
  return outcome(code, numPassedTests, numFailedTests, numPendingTests);
}

async function testPage() {
  const args = ['test', '--reporter=list,json', ...toolArguments];
  const [node, playwright] = tool('playwright');
  const { code } = await run(node, [...playwright, ...args], {
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  const { expected, unexpected, flaky, skipped } = readReport().stats;
  return outcome(code, expected, unexpected + flaky, skipped);
}

async function testFirefox() {
  const firefox = await available('firefox', findFirefox);
  if (!firefox) return outcome(0, 0, 0, 0);
  const types = await one('npm', ['run', '--silent', 'typecheck', '--', '--project', 'tests/firefox']);
  if (types.failed > 0) return types;
  return runVitest(tool('vitest'), ['--config', 'tests/firefox/vitest.config.ts'], firefox.env);
}

async function testDeno() {
  const deno = await available('deno', findDeno);
  if (!deno) return outcome(0, 0, 0, 0);
  // llvmpipe compiles slowly, and the bounds of the long tests are for Dawn.
  const few = { PROPERTY_RUNS: process.env.PROPERTY_RUNS ?? '10', TEST_TIER: 'default' };
  // Not the soak: on wgpu in Deno the process grows with each step (docs/implementations.md).
  const folders = ['shaders/', 'src/', 'tests/integration/', '--exclude=tests/integration/soak.test.ts'];
  const files = toolArguments.length > 0 ? [] : folders;
  return runVitest([deno.command, [...DENO_FLAGS, ...tool('vitest')[1]]], files, { ...deno.env, ...few });
}

/**
 * A program that only some machines have or can install. On CI, as root, its absence is an error,
 * because nothing else would show that its installation has broken.
 *
 * @param {string} name
 * @param {() => Promise<import('./wgpu.js').Runtime>} find
 */
async function available(name, find) {
  try {
    const runtime = await find();
    console.log(runtime.description);
    return runtime;
  } catch (error) {
    if (process.env.CI && process.platform === 'linux' && process.getuid?.() === 0) throw error;
    absent.push(`${name}: ${messageOf(error)}`);
    return undefined;
  }
}

function readReport() {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } finally {
    rmSync(report, { force: true });
  }
}

/**
 * @param {number | null} code
 * @param {number} passed
 * @param {number} failed
 * @param {number} skipped
 * @returns {Outcome} with a failure where a tool is not content though none of its tests failed
 */
function outcome(code, passed, failed, skipped) {
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1), skipped };
}

main().catch((error) => {
  console.error(messageOf(error));
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
});
