/**
 * What npm's registry knows against a package.
 *
 * @typedef {{ id: string, name: string, title: string, severity: string, range: string, url: string }} Advisory
 */

/**
 * An advisory that is lived with: no version is without it, and it cannot be reached here.
 *
 * @typedef {{ id: string, name: string, reason: string }} Acceptance
 */

/** @type {readonly Acceptance[]} */
export const ACCEPTED = ['GHSA-jmr9-qjv8-65gv', 'GHSA-7pqw-9j4j-h8q3'].map((id) => ({
  id,
  name: 'extract-zip',
  reason:
    'unpacks what puppeteer downloads, and the tests in Firefox download nothing; no version is without it',
}));

/**
 * The advisories in what `npm audit --json` printed, each once.
 *
 * @param {string} output
 * @returns {Advisory[]}
 * @throws {Error} if the registry did not answer, or with something else
 */
export function readAudit(output) {
  const report = parse(output);
  if (report.auditReportVersion !== 2 || typeof report.vulnerabilities !== 'object') {
    throw new Error(
      `expected an audit report of version 2, but got ${report.message ?? output.slice(0, 200)}`,
    );
  }
  /** @type {Map<string, Advisory>} */
  const advisories = new Map();
  for (const { via } of Object.values(report.vulnerabilities)) {
    for (const cause of via) {
      // The name of another package: its own entry has the advisory.
      if (typeof cause === 'string') continue;
      const { name, title, severity, range, url } = cause;
      const id = url.slice(url.lastIndexOf('/') + 1);
      advisories.set(`${name} ${id}`, { id, name, title, severity, range, url });
    }
  }
  return [...advisories.values()];
}

/**
 * @param {readonly Advisory[]} advisories of all lock files
 * @param {readonly Acceptance[]} accepted
 * @returns {{ refused: Advisory[], outdated: Acceptance[] }} what must be mended, and what has been and need not be
 *   accepted any longer
 */
export function judge(advisories, accepted = ACCEPTED) {
  /** @param {{ id: string, name: string }} one */
  const same = (one) => (/** @type {{ id: string, name: string }} */ other) =>
    other.id === one.id && other.name === one.name;
  return {
    refused: advisories.filter((advisory) => !accepted.some(same(advisory))),
    outdated: accepted.filter((acceptance) => !advisories.some(same(acceptance))),
  };
}

/** @param {string} output */
function parse(output) {
  try {
    return JSON.parse(output);
  } catch {
    throw new Error(`expected JSON, but got ${output.slice(0, 200) || 'nothing'}`);
  }
}
