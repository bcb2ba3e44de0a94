/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} failures the failed tests, each with the beginning of its error
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
  const failures = report.testResults.flatMap((/** @type {any} */ file) => {
    const tests = file.assertionResults.filter((/** @type {any} */ test) => test.status === 'failed');
    // A file that cannot be loaded has no tests.
    if (tests.length === 0 && file.status === 'failed') return [told(file.name, file.message)];
    return tests.map((/** @type {any} */ test) =>
      told(`${file.name} › ${test.fullName}`, test.failureMessages.join('\n')),
    );
  });
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report;
  return { passed, failed, skipped, failures };
}

/**
 * The outcome in a report of Playwright (`--reporter=json`). A test that passes only when it is
 * repeated has failed.
 *
 * @param {any} report
 * @returns {Outcome}
 */
export function playwrightOutcome({ stats, suites, errors }) {
  const failed = specs(suites).filter((spec) =>
    spec.tests.some((/** @type {any} */ test) => ['unexpected', 'flaky'].includes(test.status)),
  );
  const failures = failed.map((spec) => {
    const results = spec.tests.flatMap((/** @type {any} */ test) => test.results);
    const messages = results.flatMap((/** @type {any} */ result) => result.errors);
    return told(`${spec.file}:${spec.line} › ${spec.title}`, errorText(messages));
  });
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    failures: [...failures, ...errors.map((/** @type {any} */ error) => told('e2e', errorText([error])))],
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
