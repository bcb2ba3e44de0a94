/**
 * What a phase of the tests came to.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[], notRun?: string }} Outcome
 */

/**
 * @param {{ testResults: { name: string, status: string, message?: string,
 *   assertionResults: { status: string, fullName: string, failureMessages?: string[] | null }[] }[] }} report
 *   of vitest's reporter `json`
 * @returns {Outcome}
 */
export function readVitestReport(report) {
  /** @type {Outcome} */
  const outcome = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const file of report.testResults) {
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      if (status === 'passed') outcome.passed++;
      else if (status === 'failed') fail(outcome, fullName, failureMessages?.[0]);
      else outcome.skipped++;
    }
    // A file that cannot be imported, or whose hook throws, has a status but no failed test.
    const failedTests = file.assertionResults.some(({ status }) => status === 'failed');
    if (file.status === 'failed' && !failedTests) fail(outcome, file.name, file.message);
  }
  return outcome;
}

/**
 * @typedef {{ title: string, suites?: Suite[], specs?: Spec[] }} Suite
 * @typedef {{ title: string, file: string, line: number, tests: { status: string,
 *   results: { error?: { message?: string } }[] }[] }} Spec
 */

/**
 * @param {{ suites: Suite[], errors: { message?: string }[] }} report of Playwright's reporter `json`
 * @returns {Outcome}
 */
export function readPlaywrightReport(report) {
  /** @type {Outcome} */
  const outcome = { passed: 0, failed: 0, skipped: 0, failures: [] };
  /** @param {Suite} suite */
  const visit = (suite) => {
    for (const { title, file, line, tests } of suite.specs ?? []) {
      for (const { status, results } of tests) {
        if (status === 'expected') outcome.passed++;
        else if (status === 'skipped') outcome.skipped++;
        else fail(outcome, `${file}:${line} ${title}`, results.find(({ error }) => error)?.error?.message);
      }
    }
    suite.suites?.forEach(visit);
  };
  report.suites.forEach(visit);
  for (const { message } of report.errors) fail(outcome, 'Playwright', message);
  return outcome;
}

/**
 * A phase that is for machines which have what it needs, or let it be installed. A CI machine where we are root is one of
 * them: there, what was installed yesterday and is not today would go unnoticed for ever, and so it counts as a failure.
 *
 * @param {string} reason
 * @param {{ ci: boolean, linux: boolean, root: boolean }} machine
 * @returns {Outcome}
 */
export function notRun(reason, { ci, linux, root }) {
  const none = { passed: 0, skipped: 0 };
  if (ci && linux && root) return { ...none, failed: 1, failures: [`not run: ${reason}`] };
  return { ...none, failed: 0, failures: [], notRun: reason };
}

/** @param {Outcome[]} outcomes */
export function summaryLine(outcomes) {
  const [passed, failed, skipped] = /** @type {const} */ (['passed', 'failed', 'skipped']).map((key) =>
    outcomes.reduce((sum, outcome) => sum + outcome[key], 0),
  );
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`;
}

/**
 * @param {Outcome} outcome
 * @param {string} name
 * @param {string} [message]
 */
function fail(outcome, name, message) {
  outcome.failed++;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal start with one
  const plain = (message ?? '').replace(/\u001b\[[\d;]*m/g, '');
  const firstLine = plain.split('\n').find((line) => line.trim() !== '');
  outcome.failures.push(firstLine ? `${name}: ${firstLine.trim()}` : name);
}
