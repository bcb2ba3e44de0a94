import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from './chromium.js';
import { findDeno, runVitest } from './deno.js';
import { ensureDependencies } from './dependencies.js';
import { findFirefox, runFirefoxTests } from './firefox.js';
import { messageOf, run, runTool } from './process.js';
import { notRun, readPlaywrightReport, readVitestReport, summaryLine } from './reports.js';

/*
 * Everything that must hold, from a bare checkout. While working, the tools are quicker by themselves:
 *   npx vitest run shaders/matmul      the tests whose path contains that; they find their own WebGPU
 *   npx playwright test e2e/page       after npm run build
 */

/** @typedef {import('./reports.js').Outcome} Outcome */

const reports = mkdtempSync(join(tmpdir(), 'spiralnet-test-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

/** In the order in which they run. The page that e2e looks at is the one that build has made. */
const PHASES = {
  types: { title: 'Types', test: async () => one(await runTool('typescript', [], { bin: 'tsc' })) },
  lint: {
    title: 'Lint',
    test: async () => one(await runTool('@biomejs/biome', ['check'], { bin: 'biome' })),
  },
  unit: { title: 'Unit and kernel tests', test: testUnits },
  build: { title: 'Build', test: async () => one(await run(process.execPath, ['scripts/build.js'])) },
  e2e: { title: 'The page in a browser', test: testPage },
  firefox: { title: 'The page in Firefox', test: testFirefox },
  deno: { title: 'Unit and kernel tests on a second implementation of WebGPU', test: testDeno },
};
const NAMES = /** @type {(keyof typeof PHASES)[]} */ (Object.keys(PHASES));
const USAGE = `Usage: npm test -- [--long] [--only <phase>]…, with a phase among ${NAMES.join(', ')}`;

async function main() {
  const { only = NAMES, long } = readArguments();
  const names = readSelection(only);
  // Tests that stop halfway to save time go to the end.
  if (long) process.env.LONG = '1';
  await ensureDependencies();
  /** @type {Map<string, Outcome>} */
  const outcomes = new Map();
  if (names.includes('unit') || names.includes('e2e')) {
    try {
      // For the phases, so that none of them searches again.
      process.env.CHROMIUM_PATH = (await findChromium({ install: true })).executablePath;
    } catch (error) {
      console.error(messageOf(error));
      outcomes.set('Chromium', broken(messageOf(error).split('\n', 1)[0]));
    }
  }
  for (const name of names) {
    const { title, test } = PHASES[name];
    console.log(`\n${title} (${name})`);
    const cause = obstacle(name, outcomes);
    if (cause) console.log(cause);
    const outcome = cause ? broken(cause) : await test();
    if (outcome.notRun) console.log(`Not run here: ${outcome.notRun}.`);
    outcomes.set(title, outcome);
  }
  report(outcomes);
}

/**
 * @param {string[]} wanted
 * @returns {(keyof typeof PHASES)[]}
 */
function readSelection(wanted) {
  const unknown = wanted.find((name) => !Object.hasOwn(PHASES, name));
  if (unknown !== undefined) throw new Error(`--only: there is no phase ${unknown}.\n${USAGE}`);
  return NAMES.filter((name) => wanted.includes(name));
}

function readArguments() {
  try {
    return parseArgs({ options: { only: { type: 'string', multiple: true }, long: { type: 'boolean' } } })
      .values;
  } catch (error) {
    throw new Error(`${messageOf(error)}\n${USAGE}`);
  }
}

/**
 * Why a phase cannot be run, after those before it.
 *
 * @param {keyof typeof PHASES} name
 * @param {Map<string, Outcome>} outcomes
 */
function obstacle(name, outcomes) {
  if (name !== 'e2e' && name !== 'firefox') return undefined;
  if (name === 'e2e' && outcomes.has('Chromium')) return 'Not run: there is no browser.';
  if (outcomes.get(PHASES.build.title)?.failed) return 'Not run: the build failed.';
  return undefined;
}

async function testUnits() {
  const file = join(reports, 'unit.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return counted(await runTool('vitest', args), file, readVitestReport);
}

async function testPage() {
  const file = join(reports, 'page.json');
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  return counted(
    await runTool('playwright', ['test', '--reporter=list,json'], { env }),
    file,
    readPlaywrightReport,
  );
}

async function testFirefox() {
  /** @type {import('./firefox.js').Firefox} */
  let firefox;
  try {
    firefox = await findFirefox();
  } catch (error) {
    return notRun(messageOf(error), thisMachine);
  }
  console.log(firefox.version);
  const file = join(reports, 'firefox.json');
  const args = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return counted(await runFirefoxTests(firefox, args), file, readVitestReport);
}

const thisMachine = {
  ci: Boolean(process.env.CI),
  linux: process.platform === 'linux',
  root: process.getuid?.() === 0,
};

/** The whole library; the page is tested in Firefox. */
const DENO_TESTS = ['shaders/', 'src/', 'tests/integration/'];

async function testDeno() {
  /** @type {import('./deno.js').Deno} */
  let deno;
  try {
    deno = await findDeno();
  } catch (error) {
    return notRun(messageOf(error), thisMachine);
  }
  console.log(deno.description);
  const file = join(reports, 'deno.json');
  const args = [...DENO_TESTS, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  // The long tests have bounds of time, which are for Dawn on SwiftShader.
  return counted(await runVitest(deno, args, { LONG: '' }), file, readVitestReport);
}

/**
 * A tool that counts as one test.
 *
 * @param {{ code: number | null }} result
 * @returns {Outcome}
 */
function one({ code }) {
  return code === 0 ? { passed: 1, failed: 0, skipped: 0, failures: [] } : broken();
}

/**
 * @template Report
 * @param {{ code: number | null }} result
 * @param {string} file the tool's report
 * @param {(report: Report) => Outcome} read
 * @returns {Outcome}
 */
function counted({ code }, file, read) {
  /** @type {Outcome} */
  let outcome;
  try {
    outcome = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return broken('ended without a report');
  }
  if (code === 0 || outcome.failed > 0) return outcome;
  // Unhandled rejections, say: every test passed, and yet the tool is not content.
  return { ...outcome, failed: 1, failures: [`ended with exit code ${code} though no test failed`] };
}

/**
 * @param {string} [reason]
 * @returns {Outcome}
 */
function broken(reason = 'failed; see above') {
  return { passed: 0, failed: 1, skipped: 0, failures: [reason] };
}

/** @param {Map<string, Outcome>} outcomes */
function report(outcomes) {
  const all = [...outcomes.values()];
  if (all.some(({ failed }) => failed > 0)) console.log('\nFailures');
  for (const [title, { failures }] of outcomes) {
    for (const failure of failures) console.log(`- ${title}: ${failure}`);
  }
  for (const [title, { notRun }] of outcomes) if (notRun) console.log(`\nNot run here: ${title}: ${notRun}.`);
  console.log(`\n${summaryLine(all)}`);
  if (all.some(({ failed }) => failed > 0)) process.exitCode = 1;
}

main().catch((error) => {
  console.error(messageOf(error));
  console.log(summaryLine([broken()]));
  process.exitCode = 1;
});
