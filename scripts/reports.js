/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures the failed tests, each with the beginning of its error
 * @property {string[]} unsteady the tests that passed only when they were repeated, in the same form
 */

/** The lines of an error that are told again after all tests. */
const ERROR_LINES = 12;

/**
 * The outcome in a report of Vitest (`--reporter=json`).
 *
 * @param {any} report
 * @returns {Outcome}
 */
export function vitestOutcome(report) {
  /** @type {{ file: any, test: any }[]} */
  const tests = report.testResults.flatMap((/** @type {any} */ file) =>
    file.assertionResults.map((/** @type {any} */ test) => ({ file, test })),
  );
  /** @param {string} status the tests of this status that failed at least once */
  const failedOnce = (status) =>
    tests
      .filter(({ test }) => test.status === status && test.failureMessages.length > 0)
      .map(({ file, test }) => told(`${file.name} › ${test.fullName}`, test.failureMessages.join('\n')));
  const broken = report.testResults.filter(
    (/** @type {any} */ { status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((/** @type {any} */ test) => test.status === 'failed'),
  );
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report;
  const unloaded = broken.map((/** @type {any} */ { name, message }) => told(name, message));
  return {
    passed,
    failed,
    skipped,
    failures: [...failedOnce('failed'), ...unloaded],
    unsteady: failedOnce('passed'),
  };
}

/**
 * The outcome in a report of Playwright (`--reporter=json`).
 *
 * @param {any} report
 * @returns {Outcome}
 */
export function playwrightOutcome({ stats, suites, errors }) {
  /** @param {string} status */
  const of = (status) =>
    specs(suites)
      .filter((spec) => spec.tests.some((/** @type {any} */ test) => test.status === status))
      .map((spec) => {
        const results = spec.tests.flatMap((/** @type {any} */ test) => test.results);
        const messages = results.flatMap((/** @type {any} */ result) => result.errors);
        return told(`${spec.file}:${spec.line} › ${spec.title}`, errorText(messages));
      });
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    failures: [
      ...of('unexpected'),
      ...errors.map((/** @type {any} */ error) => told('e2e', errorText([error]))),
    ],
    unsteady: of('flaky'),
  };
}

/**
 * @param {any[]} suites
 * @returns {any[]}
 */
function specs(suites) {
  return suites.flatMap((suite) => [...suite.specs, ...specs(suite.suites ?? [])]);
}

/** @param {{ message?: string }[]} errors */
const errorText = (errors) => errors.map(({ message = '' }) => message).join('\n');

/**
 * @param {string} name
 * @param {string} error
 */
function told(name, error) {
  const lines = error.split('\n').filter((line) => line.trim() !== '');
  return [name, ...lines.slice(0, ERROR_LINES).map((line) => `    ${line}`)].join('\n');
}
